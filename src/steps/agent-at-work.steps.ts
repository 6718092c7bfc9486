import { Then } from '@cucumber/cucumber';
import {
  agentAcceptsConfiguration,
  agentCompletesTurn,
  agentIsHealthy,
  agentProcessRuns,
} from '../checks/agent-at-work';
import { assertion } from '../world/step-registry';

Then(
  'the agent runs inside the sandbox',
  assertion(
    {
      'AQ-050': 'rebuild.{agent}.agent-process-runs',
      'AQ-051': 'upgrade.stale.agent-process-runs',
      'AQ-052': 'suite.rebuild.agent_process_runs',
    },
    agentProcessRuns,
  ),
);

Then(
  'the agent reports that it is healthy',
  assertion(
    {
      'AQ-050': 'rebuild.{agent}.agent-healthy',
      'AQ-051': 'upgrade.stale.agent-healthy',
      'AQ-052': 'suite.rebuild.agent_healthy',
    },
    agentIsHealthy,
  ),
);

Then(
  'the agent accepts its configuration, with the staged model in it',
  assertion(
    {
      'AQ-050': 'rebuild.{agent}.agent-configured',
      'AQ-051': 'upgrade.stale.agent-configured',
      'AQ-052': 'suite.rebuild.agent_configured',
    },
    agentAcceptsConfiguration,
  ),
);

Then(
  'the agent answers its owner with what the staged endpoint says',
  assertion(
    {
      'AQ-050': 'rebuild.{agent}.turn-works',
      'AQ-051': 'upgrade.stale.turn-works',
      'AQ-052': 'suite.rebuild.turn_works',
    },
    agentCompletesTurn,
  ),
);
