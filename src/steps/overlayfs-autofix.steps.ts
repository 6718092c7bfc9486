import { Given, Then, When } from '@cucumber/cucumber';
import {
  conflictIsActive,
  detectionIsReported,
  failsWithinTimeLimit,
  nestedOverlayIsRefused,
  noPatchedImage,
  onboardingSucceeds,
  oneFusePatchedImage,
  refusalIsTheReason,
  runsFromNativeImage,
  runsFromPatchedImage,
  sameImage,
  sameName,
  usesFuseOverlayfs,
} from '../checks/overlayfs-autofix';
import {
  eachSnapshotterHasItsOwn,
  followsCluster,
  patchesOnce,
  usesNoHalfMadeImage,
} from '../checks/overlayfs-autofix-images';
import {
  onboardAgain,
  onboardOnPrivateEngine,
  onboardWithNativeSnapshotter,
  onboardWithoutFix,
  stageEngineWithConflict,
  stageRelease,
} from '../staging/overlayfs-autofix';
import { killWhilePatching, onboardTwoAtOnce, onboardWithNewerCluster } from '../staging/overlayfs-autofix-images';
import { action, assertion, restored } from '../world/step-registry';

Given(
  "an engine for this scenario alone, which keeps containers on containerd's overlay filesystem",
  action(stageEngineWithConflict),
);

Given('a release whose gateway is a cluster in a container, with all its images on that engine', action(stageRelease));

Given(
  "the engine reports that it keeps containers on containerd's overlay filesystem",
  assertion('overlayfs.daemon.conflict-active', conflictIsActive),
);

Given(
  'the kernel refuses the cluster a nested overlay filesystem',
  assertion('overlayfs.kernel.nested-mount-refused', nestedOverlayIsRefused),
);

When(
  'the operator onboards',
  action((world) => onboardOnPrivateEngine(world)),
);

When('the operator removes the sandbox and the gateway, and onboards again', action(onboardAgain));

When('the operator onboards and opts out of the fix', action(onboardWithoutFix));

When('the operator onboards and chooses the native snapshotter', action(onboardWithNativeSnapshotter));

Then('the onboarding succeeds and the gateway is healthy', assertion('overlayfs.fix.onboards', onboardingSucceeds));

Then(
  "the onboarding reports that it detected containerd's overlay filesystem",
  assertion('overlayfs.fix.reports-detection', detectionIsReported),
);

Then('the engine has one patched image of the cluster', assertion('overlayfs.fix.image-created', oneFusePatchedImage));

Then(
  'the gateway runs from the patched image',
  assertion('overlayfs.fix.gateway-runs-patched', async (a, world) => void (await runsFromPatchedImage(a, world))),
);

Then(
  'the gateway uses fuse-overlayfs, and its log reports no refused overlay filesystem',
  assertion('overlayfs.fix.log-clean', usesFuseOverlayfs),
);

Then('the patched image has the same name as before', assertion('overlayfs.reuse.same-tag', sameName));

Then(
  'the patched image is the same as before, neither pulled nor built again',
  assertion('overlayfs.reuse.not-rebuilt', sameImage),
);

Then(
  "after the scenario, the engine's configuration is unchanged",
  restored('overlayfs.daemon.restored', 'docker-daemon-config'),
);

Then('the onboarding fails within its time limit', assertion('overlayfs.opt-out.fails', failsWithinTimeLimit));

Then(
  'it fails because the kernel refuses the cluster a nested overlay filesystem',
  assertion('overlayfs.opt-out.original-signature', refusalIsTheReason),
);

Then('the engine has no patched image of the cluster', assertion('overlayfs.opt-out.no-image', noPatchedImage));

Then(
  'the gateway runs from a patched image with the native snapshotter',
  assertion('overlayfs.native.selectable', runsFromNativeImage),
);

When('the operator gets a newer image of the cluster, and onboards again', action(onboardWithNewerCluster));

Then(
  'the gateway runs from another patched image, which is made from the newer one',
  assertion('overlayfs.inputs.cluster-followed', followsCluster),
);

When('the operator removes all of that, and onboards two sandboxes at the same time', action(onboardTwoAtOnce));

Then(
  'both onboardings succeed, with one patched image between them',
  assertion('overlayfs.together.one-image', patchesOnce),
);

Then(
  'each snapshotter has a patched image of its own',
  assertion('overlayfs.inputs.snapshotter-followed', eachSnapshotterHasItsOwn),
);

When('an onboarding is killed while it patches the image, and the operator onboards again', action(killWhilePatching));

Then(
  'the gateway runs from a whole patched image, not from a half-made one',
  assertion('overlayfs.killed.whole-image', usesNoHalfMadeImage),
);
