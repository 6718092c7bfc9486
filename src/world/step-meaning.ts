import type { Expression } from '@cucumber/cucumber-expressions';
import type { AssertionContext } from '../evidence/assertion';
import type { LedgerAssertion } from '../spec/ledger';

// `World` is the World of a scenario: a parameter here, so that the World itself can know its scenario's steps.

/** A step's expression gives its arguments; a body declares them. */
export type AssertionBody<World> = (a: AssertionContext, world: World, ...args: never[]) => Promise<void> | void;
export type ActionBody<World> = (world: World, ...args: never[]) => Promise<void> | void;

/**
 * The ID of the ledger that a step makes, or one for each row that has its own: a scenario makes those of the rows that it is
 * tagged with. In an ID, `{agent}` stands for the scenario's agent, and the name of a parameter type for its value in the sentence.
 */
export type IdTemplate = string | Readonly<Record<`AQ-${string}`, string>>;

/** What a step definition of ours is. */
export type StepMeaning<World> =
  | { readonly kind: 'action'; readonly body: ActionBody<World> }
  | { readonly kind: 'assertion'; readonly id: IdTemplate; readonly body: AssertionBody<World> }
  /** Of the audit itself, not of the system under test: no ID, no record; fails its scenario by what it throws. */
  | { readonly kind: 'check'; readonly body: ActionBody<World> }
  /** Judged after the restore, from the journal. */
  | { readonly kind: 'cleanup'; readonly id: IdTemplate; readonly fixture: string };

/** A step definition of this suite: its text, what it means, and where it stands. */
export interface DefinedStep<World> {
  readonly pattern: string;
  readonly expression: Expression;
  readonly meaning: StepMeaning<World>;
  readonly file: string;
  readonly line: number;
}

/** One assertion of the ledger that a step of a scenario makes. */
export interface StepAssertion {
  readonly entry: LedgerAssertion;
  readonly variant: string | null;
}

/** One step of a scenario, with what it means: resolved once, before the scenario begins. */
export interface ScenarioStep<World> {
  readonly text: string;
  /** Undefined for a sentence that no definition matches; Cucumber reports it. */
  readonly definition: DefinedStep<World> | undefined;
  /** Values of its parameters, and its data table if it has one. */
  readonly args: readonly unknown[];
  /** The assertions that it makes; none for an action or a check. */
  readonly makes: readonly StepAssertion[];
}
