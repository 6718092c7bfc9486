import { writeFileSync } from 'node:fs';
import { reasonOf } from '../../reason';
import { suitesOfAudit } from '../../report/audit-junit';
import { reportHtml } from '../../report/html';
import { junitXml } from '../../report/junit';
import { reportMarkdown } from '../../report/markdown';
import { type Audited, type ReportModel, reportModel } from '../../report/model';
import { UserError } from '../../user-error';

/** Files to write an audit into; an undefined one is not written. */
export interface ReportFiles {
  readonly html?: string | undefined;
  readonly junit?: string | undefined;
  readonly markdown?: string | undefined;
}

const renderings: Readonly<Record<keyof ReportFiles, (model: ReportModel) => string>> = {
  html: reportHtml,
  junit: (model) => junitXml(suitesOfAudit(model)),
  markdown: reportMarkdown,
};

/**
 * Writes an audit as a page, as JUnit, as Markdown. @returns the files written.
 * @throws UserError for a file that cannot be written.
 */
export function writeReports(audited: Audited, files: ReportFiles): string[] {
  const wanted = (['html', 'junit', 'markdown'] as const).flatMap((form) => {
    const file = files[form];
    return file === undefined ? [] : [{ file, render: renderings[form] }];
  });
  if (wanted.length === 0) return [];
  const model = reportModel(audited);
  for (const { file, render } of wanted) writeOrRefuse(file, () => writeFileSync(file, render(model)));
  return wanted.map(({ file }) => file);
}

/** @throws UserError when the file system refuses. */
export function writeOrRefuse(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new UserError(`${file} cannot be written: ${reasonOf(error)}`);
  }
}
