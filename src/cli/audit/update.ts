import { readFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { parseDocument } from 'yaml';
import type { AuditResult } from '../../audit/result';
import { type RowStatus, workQueueSchema } from '../../audit/work-queue';
import { queueFile } from '../../audit-input/repository';
import { parseYamlFile } from '../../yaml-file';

/** Longest reason in the queue, in characters: what a system printed stays in the evidence. */
const LONGEST = 160;

function inOneLine(reason: string): string {
  const [line = ''] = reason.split('\n');
  return line.length > LONGEST || line.length < reason.length ? `${line.slice(0, LONGEST)} …` : line;
}

/** The queue's text with the status of the audited rows and kinds; comments and everything else are kept. */
export function withStatus(text: string, { rows }: Pick<AuditResult, 'rows'>): string {
  const document = parseDocument(text);
  for (const { row, sut, evidence, bundles, reasons } of rows) {
    if (!document.hasIn(['rows', row])) continue;
    const status: RowStatus = { evidence, bundles: [...bundles], reasons: reasons.map(inOneLine) };
    document.setIn(['rows', row, 'status', sut], document.createNode(status));
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Writes the status of the audited rows into audit/work-queue.yaml. @throws YamlFileError if that would make it invalid. */
export function updateQueue(result: Pick<AuditResult, 'rows'>): void {
  const updated = withStatus(readFileSync(queueFile, 'utf8'), result);
  parseYamlFile(queueFile, updated, workQueueSchema);
  writeFileAtomic.sync(queueFile, updated);
}
