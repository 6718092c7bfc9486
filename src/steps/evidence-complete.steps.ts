import { Given, Then, When } from '@cucumber/cucumber';
import { eachRemovalIsNoticed, rowsAreComplete } from '../checks/evidence-complete';
import { judgeEvidence, judgeWithoutEach, submitEarlierEvidence } from '../staging/evidence-complete';
import { action, check } from '../world/step-registry';

Given('the evidence of an earlier complete run', action(submitEarlierEvidence));

When('the auditor judges the evidence', action(judgeEvidence));

Then(
  'every row is evidence-complete for the system that the evidence is about, and for no other',
  check(rowsAreComplete),
);

When(
  /^the auditor judges the evidence once for each (.*), with that one removed$/,
  action((world, piece: string) => judgeWithoutEach(world, piece)),
);

Then('each time the row is unresolved, and the missing piece is named', check(eachRemovalIsNoticed));
