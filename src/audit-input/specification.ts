import { PassThrough } from 'node:stream';
import { loadConfiguration, runCucumber } from '@cucumber/cucumber/api';
import type { Envelope, Pickle } from '@cucumber/messages';
import type { SpecifiedStep } from '../audit/submission';
import type { Boundary } from '../spec/boundary';
import { loadLedger } from '../spec/ledger';
import { scenarioSteps } from '../world/scenario-steps';

/** One assertion step of a feature, its definition, and the ledger's entry that it makes. */
export interface TraceRow {
  readonly row: string;
  readonly id: string;
  readonly variant: string | null;
  readonly boundary: Boundary;
  readonly level: 'core' | 'extended';
  readonly scenario: string;
  /** `file:line` of the scenario. */
  readonly location: string;
  /** `file:line` of the step in its feature. */
  readonly feature: string;
  readonly step: string;
  /** `file:line` of the step definition. */
  readonly definition: string;
  /** The fixture whose restore it asserts; null for any other assertion. */
  readonly cleansUp: string | null;
  readonly observe: string;
  readonly expect: string;
  /** Places of the compared document that the action may change. */
  readonly mayChange: readonly string[];
  /** Public reports of the defect that it would have shown. */
  readonly reports: readonly string[];
}

export interface Specification {
  readonly steps: readonly TraceRow[];
  /** Assertions of the ledger that no feature makes yet, by row. */
  readonly notMade: Readonly<Record<string, readonly string[]>>;
}

interface Messages {
  readonly pickles: Pickle[];
  /** Line of every scenario and step, by the ID of its node. */
  readonly lines: Map<string, number>;
}

/** Pickles and lines of the features, from a dry run of Cucumber without plugins and formatters. */
async function dryRun(): Promise<Messages> {
  const { runConfiguration } = await loadConfiguration();
  const pickles: Pickle[] = [];
  const lines = new Map<string, number>();
  const note = (node: { readonly id: string; readonly location: { readonly line: number } } | undefined) => {
    if (node) lines.set(node.id, node.location.line);
  };
  const take = ({ pickle, gherkinDocument, parseError }: Envelope) => {
    if (parseError) throw new Error(`${parseError.source.uri}: ${parseError.message}`);
    if (pickle) pickles.push(pickle);
    const children = gherkinDocument?.feature?.children ?? [];
    for (const child of [...children, ...children.flatMap(({ rule }) => rule?.children ?? [])]) {
      note(child.scenario);
      for (const step of [...(child.scenario?.steps ?? []), ...(child.background?.steps ?? [])]) note(step);
    }
  };
  await runCucumber(
    {
      ...runConfiguration,
      plugins: { specifiers: [], options: {} },
      runtime: { ...runConfiguration.runtime, dryRun: true, parallel: 0 },
      formats: { stdout: 'progress', files: {}, publish: false, options: {} },
    },
    { stdout: new PassThrough().resume() },
    take,
  );
  return { pickles, lines };
}

/** Reads features and step definitions, as a run would, and joins them with the ledger. Runs nothing. */
export async function specification(): Promise<Specification> {
  const { pickles, lines } = await dryRun();
  const steps = pickles.flatMap((pickle) => {
    const lineOf = (ids: readonly string[]) => lines.get(ids[0] ?? '') ?? 0;
    const made = scenarioSteps(pickle).flatMap(({ text, definition, makes }) =>
      definition ? makes.map((one) => ({ ...one, text, definition })) : [],
    );
    return made.map(({ entry, variant, text, definition }) => ({
      row: entry.row,
      id: entry.id,
      variant,
      boundary: entry.boundary,
      level: entry.level,
      scenario: pickle.name,
      location: `${pickle.uri}:${pickle.location?.line ?? 0}`,
      feature: `${pickle.uri}:${lineOf(pickle.steps.find((step) => step.text === text)?.astNodeIds ?? [])}`,
      step: text,
      definition: `${definition.file}:${definition.line}`,
      cleansUp: definition.meaning.kind === 'cleanup' ? definition.meaning.fixture : null,
      observe: entry.observe,
      expect: entry.expect,
      mayChange: entry.may_change,
      reports: entry.reports,
    }));
  });
  const made = new Set(steps.map(({ id }) => id));
  const notMade = Object.fromEntries(
    Object.entries(loadLedger().rows).map(([row, { assertions }]) => [
      row,
      assertions.map(({ id }) => id).filter((id) => !made.has(id)),
    ]),
  );
  return { steps, notMade };
}

/** The part of the specification that an audit needs. */
export async function specifiedSteps(): Promise<SpecifiedStep[]> {
  return (await specification()).steps.map(specifiedStep);
}

/** A row of the trace as an audit reads it. */
export function specifiedStep({ id, variant, location, step, definition, cleansUp }: TraceRow): SpecifiedStep {
  return { id, variant, scenario: location, step, definition, cleansUp };
}
