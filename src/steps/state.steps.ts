import { Given, Then } from '@cucumber/cucumber';
import { newBackupHasMarker, newBackupIsSanitized } from '../checks/backup';
import { markerInNewContainer } from '../checks/marker';
import { stateIsAsBefore, stateIsInBackup, stateIsWritable } from '../checks/state';
import { stageStateWitnesses } from '../staging/state-witnesses';
import { action, assertion } from '../world/step-registry';

Given("the owner keeps files in every place of the agent's state", action(stageStateWitnesses));

Then(
  'the new container has the marker file as its owner wrote it',
  assertion(
    { 'AQ-050': 'rebuild.{agent}.marker-preserved', 'AQ-052': 'suite.rebuild.workspace_state_preserved' },
    markerInNewContainer,
  ),
);

Then(
  'there is one more backup than before, with the marker file in it',
  assertion('rebuild.openclaw.backup-present', newBackupHasMarker),
);

Then('the new backup contains no credential', assertion('rebuild.{agent}.backup-sanitized', newBackupIsSanitized));

Then(
  "the sandbox has everything that the owner kept in the agent's state, unchanged",
  assertion('rebuild.{agent}.state-preserved', stateIsAsBefore),
);

Then('the owner can still change all of it', assertion('rebuild.{agent}.state-writable', stateIsWritable));

Then('the new backup has all of it', assertion('rebuild.{agent}.state-in-backup', stateIsInBackup));
