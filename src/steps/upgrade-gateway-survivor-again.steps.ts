import { Then, When } from '@cucumber/cucumber';
import {
  everyAgentCompletesTurn,
  everyAgentIsHealthy,
  restartLosesNothing,
} from '../checks/upgrade-gateway-survivor-at-work';
import { restartGateway } from '../staging/upgrade-gateway-survivor-restart';
import { action, assertion } from '../world/step-registry';

Then(
  'the agent of every sandbox reports that it is healthy',
  assertion('upgrade.gateway.agent-healthy', everyAgentIsHealthy),
);

Then(
  'the agent of every sandbox answers its owner with what the staged endpoint says',
  assertion('upgrade.gateway.turn-works', everyAgentCompletesTurn),
);

When('the current gateway is stopped and started again', action(restartGateway));

Then(
  'every sandbox runs on in its container, and is registered as before',
  assertion('upgrade.gateway.restart-loses-nothing', restartLosesNothing),
);
