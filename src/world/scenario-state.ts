import type { Observation } from '../evidence/observation';
import type { AgentName } from '../sut/agents';
import type { CommandResult } from '../sut/command';

/**
 * What a scenario's staging and actions found out, for its later steps. Each fixture declares what it sets beside itself, by merging
 * with this interface; here stands only what belongs to no fixture.
 */
export interface ScenarioState {
  agent: AgentName;
  /** The action that the scenario is about. */
  outcome: Observation<CommandResult>;
}
