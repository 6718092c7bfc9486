import path from 'node:path';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { UserError } from './user-error';

/** A YAML file that cannot be used: the message is `file:line:column: reason`. */
export class YamlFileError extends UserError {
  constructor(file: string, line: number, column: number, reason: string) {
    super(`${path.relative(process.cwd(), file) || file}:${line}:${column}: ${reason}`);
    this.name = 'YamlFileError';
  }
}

/**
 * Parses `text` (the content of `file`) and validates it.
 * @throws YamlFileError at the first fault, in syntax or in shape.
 */
export function parseYamlFile<S extends z.ZodType>(file: string, text: string, schema: S): z.output<S> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const fault = document.errors[0];
  if (fault) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw new YamlFileError(file, line, col, fault.message);
  }
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const at = issue?.path ?? [];
  let offset = 0;
  for (let depth = at.length; depth >= 0; depth -= 1) {
    const node = document.getIn(at.slice(0, depth), true);
    if (isNode(node) && node.range) {
      offset = node.range[0];
      break;
    }
  }
  const { line, col } = lines.linePos(offset);
  throw new YamlFileError(
    file,
    line,
    col,
    `${at.length > 0 ? `${at.join('.')}: ` : ''}${issue?.message ?? 'not as expected'}`,
  );
}
