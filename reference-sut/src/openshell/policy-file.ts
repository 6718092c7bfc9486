import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PolicyText } from '../gateway/api/messages';
import { causesOf, Failure } from './failure';

/** Reads a policy file as it is; only the gateway parses it. @throws {Failure} when it cannot be read. */
export function readPolicyFile(file: string): PolicyText {
  try {
    return { file: resolve(file), text: readFileSync(file, 'utf8') };
  } catch (error) {
    throw new Failure(`policy file ${file} cannot be read`, ...causesOf(error));
  }
}
