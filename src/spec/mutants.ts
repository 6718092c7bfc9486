import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { inRepository } from '../repository';
import { UserError } from '../user-error';
import { parseYamlFile } from '../yaml-file';

const areaSchema = z.strictObject({
  name: z.string().regex(/^[a-z]+(?:-[a-z]+)*$/),
  /** Files, or directories with all their files, from the root of the repository. */
  files: z.array(z.string().startsWith('reference-sut/')).min(1),
  /** Features that look at the area, by name, cheapest first. */
  features: z.array(z.string()).min(1),
  /** A defect that one of them must see before a mutant is tried. */
  planted: z.string(),
});

const areasSchema = z.strictObject({ version: z.literal(1), areas: z.array(areaSchema).min(1) });

/** A part of the reference SUT in which mutants are drawn. */
export type MutationArea = z.output<typeof areaSchema>;

/** @throws YamlFileError when audit/mutation-areas.yaml is malformed */
export function loadAreas(file = inRepository('audit/mutation-areas.yaml')): readonly MutationArea[] {
  return parseYamlFile(file, readFileSync(file, 'utf8'), areasSchema).areas;
}

export const mutantSchema = z.strictObject({
  /** Digest of place and change. */
  id: z.string().regex(/^[0-9a-f]{12}$/),
  area: z.string(),
  /** Path from the root of the repository. */
  file: z.string(),
  line: z.int().min(1),
  /** What kind of change it is, such as ConditionalExpression. */
  kind: z.string(),
  /** The text that is replaced, from this offset in UTF-16 units, and what takes its place. */
  start: z.int().min(0),
  original: z.string(),
  by: z.string(),
});

/** One small mechanical change of the reference SUT. */
export type Mutant = z.output<typeof mutantSchema>;

const drawSchema = z.strictObject({
  version: z.literal(1),
  seed: z.string(),
  /** SHA-256 of the reference SUT's sources that were mutated. */
  sut: z.string(),
  at: z.iso.datetime(),
  mutants: z.array(mutantSchema),
});

/** Mutants that were drawn, written down before the first of them is tried. */
export type Draw = z.output<typeof drawSchema>;

function drawFile(seed: string): string {
  return path.join(inRepository('audit/mutants'), `${seed}.json`);
}

/** An earlier draw of that seed; undefined where there is none. */
export function readDraw(seed: string): Draw | undefined {
  const file = drawFile(seed);
  if (!existsSync(file)) return undefined;
  const parsed = drawSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new UserError(`${file}: holds no draw of mutants: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

export function writeDraw(draw: Draw): void {
  mkdirSync(path.dirname(drawFile(draw.seed)), { recursive: true });
  writeFileAtomic.sync(drawFile(draw.seed), `${JSON.stringify(drawSchema.parse(draw), null, 1)}\n`);
}

const survivorSchema = z.strictObject({
  id: z.string(),
  seed: z.string(),
  /** What the mutant does, where: for people. */
  what: z.string().min(10),
  /** `equivalent`: nobody can see it; `outside`: no row asks for it; `hole`: a check lacks. */
  verdict: z.enum(['equivalent', 'outside', 'hole']),
  why: z.string().regex(/^[A-Z].{15,}\.$/, 'why, in a sentence'),
});

/** A mutant that no feature saw, with a judgement of it. */
export type Survivor = z.output<typeof survivorSchema>;

const survivorsSchema = z.strictObject({ version: z.literal(1), survivors: z.array(survivorSchema) });

/** Where judgements of survivors stand, relative to the repository. */
export const SURVIVORS = 'audit/mutants.yaml';

/** Judgements of survivors. @throws YamlFileError */
export function loadSurvivors(file = inRepository(SURVIVORS)): readonly Survivor[] {
  if (!existsSync(file)) return [];
  return parseYamlFile(file, readFileSync(file, 'utf8'), survivorsSchema).survivors;
}
