import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { reasonOf } from '../../shared/reason';
import { CommandFailure } from '../failure';
import { sourceRoot } from '../places';
import { type NetworkPolicies, NetworkPoliciesSchema } from './document';

const PolicyFileSchema = z.looseObject({
  preset: z.looseObject({ name: z.string().optional(), description: z.string().optional() }).optional(),
  network_policies: NetworkPoliciesSchema.refine((entries) => Object.keys(entries).length > 0, 'must hold an entry'),
});

export interface Preset {
  readonly name: string;
  readonly description: string;
  readonly entries: NetworkPolicies;
}

function presetsDirectory(): string {
  return join(sourceRoot(), 'nemoclaw-blueprint', 'policies', 'presets');
}

/** Reads a preset, or an owner's policy file in the same form. @throws CommandFailure with file:line:column and reason. */
export function parsePolicyFile(file: string, text: string): Preset {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken !== undefined) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new CommandFailure(`${file}:${line}:${col}: ${broken.message.split('\n')[0]}`);
  }
  const parsed = PolicyFileSchema.safeParse(document.toJS());
  if (!parsed.success) throw new CommandFailure(`${file} is no policy file: ${z.prettifyError(parsed.error)}`);
  const { preset, network_policies: entries } = parsed.data;
  return {
    name: preset?.name ?? basename(file).replace(/\.ya?ml$/, ''),
    description: preset?.description ?? '',
    entries,
  };
}

/** An owner's policy file. @throws CommandFailure when it can't be read. */
export function readPolicyFile(file: string): { text: string; preset: Preset } {
  try {
    const text = readFileSync(file, 'utf8');
    return { text, preset: parsePolicyFile(file, text) };
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(`The policy file ${file} can't be read: ${reasonOf(error)}`);
  }
}

/** The presets of this release, by name. */
export function allPresets(): Preset[] {
  const names = readdirSync(presetsDirectory()).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => readPolicyFile(join(presetsDirectory(), name)).preset);
}

export function findPreset(name: string): Preset | undefined {
  return allPresets().find((preset) => preset.name === name);
}

/** @throws CommandFailure that lists the presets there are. */
export function presetNamed(name: string): Preset {
  const preset = findPreset(name);
  if (preset !== undefined) return preset;
  const names = allPresets().map((known) => known.name);
  throw new CommandFailure(`No policy preset '${name}'. There are: ${names.join(', ')}.`);
}
