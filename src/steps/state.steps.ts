import { Then } from '@cucumber/cucumber';
import { newBackupHasMarker, newBackupIsSanitized } from '../checks/backup';
import { markerInNewContainer } from '../checks/marker';
import { assertion } from '../world/step-registry';

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
