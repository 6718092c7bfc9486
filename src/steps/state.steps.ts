import { Given, Then, When } from '@cucumber/cucumber';
import { newBackupHasMarker, newBackupIsSanitized } from '../checks/backup';
import { backupFollowsNoLink, newBackupHasTheRest, newBackupIsPrivate } from '../checks/backup-contents';
import { markerInNewContainer } from '../checks/marker';
import { ownLinesKept, ownSettingsKept } from '../checks/owner-settings';
import { stateIsAsBefore, stateIsInBackup, stateIsWritable } from '../checks/state';
import { stageOwnSettings } from '../staging/owner-settings';
import { backUpWithLinks } from '../staging/state-links';
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

Given('the owner has settings that no image has', action(stageOwnSettings));

Then(
  "the agent's configuration still has the owner's settings, unless the owner was warned before the deletion",
  assertion('rebuild.{agent}.owner-settings-kept', ownSettingsKept),
);

Then(
  "the environment file still has the owner's lines, unless the owner was warned before the deletion",
  assertion('rebuild.{agent}.owner-environment-kept', ownLinesKept),
);

Then(
  'the new backup has what stands beside the credentials, unless the owner was warned before the deletion',
  assertion('rebuild.{agent}.backup-keeps-the-rest', newBackupHasTheRest),
);

Then('nobody but the owner can read the new backup', assertion('rebuild.{agent}.backup-private', newBackupIsPrivate));

When("the owner links files from outside into the agent's state, and backs up all sandboxes", action(backUpWithLinks));

Then(
  'no backup contains what the links lead to',
  assertion('rebuild.{agent}.backup-follows-no-link', backupFollowsNoLink),
);
