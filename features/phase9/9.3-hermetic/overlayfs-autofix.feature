@scenario-9.1 @scenario-9.3 @AQ-054 @openclaw @slow
Feature: A gateway in a container starts although the kernel refuses it a nested overlay filesystem
  An operator's engine keeps its containers on containerd's overlay filesystem. Inside such a container the kernel
  refuses the cluster the overlay filesystem that it needs. NemoClaw detects this, builds a patched image of the cluster
  once, and runs the gateway from that image, unless the operator opts out of the fix.

  Carries out Scenario 9.3 ("overlayfs patched-image create/reuse plus opt-out negative path … pass without requiring
  product manifests"), step 1 ("stage … Docker daemon mutation backup, patched image") and step 2, with its part in
  Scenario 9.1, steps 1 and 2 ("runtime edge actions"), for AQ-054: the required assertions "Overlayfs autofix creates
  and reuses patched image" and "Overlayfs opt-out negative path behaves correctly". Runtime edge: the scenario has an
  engine of its own, with its own configuration and images; the operator's engine is never changed.

  Background:
    Given an engine for this scenario alone, which keeps containers on containerd's overlay filesystem
    And a release whose gateway is a cluster in a container, with all its images on that engine

  Rule: The fix patches the cluster's image once, and the gateway runs from it

    @smoke
    Scenario: The operator onboards, and onboards again
      Given the engine reports that it keeps containers on containerd's overlay filesystem
      And the kernel refuses the cluster a nested overlay filesystem
      When the operator onboards
      Then the onboarding succeeds and the gateway is healthy
      And the onboarding reports that it detected containerd's overlay filesystem
      And the engine has one patched image of the cluster
      And the gateway runs from the patched image
      And the gateway uses fuse-overlayfs, and its log reports no refused overlay filesystem
      When the operator removes the sandbox and the gateway, and onboards again
      Then the patched image has the same name as before
      And the patched image is the same as before, neither pulled nor built again
      When the operator gets a newer image of the cluster, and onboards again
      Then the gateway runs from another patched image, which is made from the newer one
      And after the scenario, the engine's configuration is unchanged

  Rule: The operator decides

    Scenario: The operator opts out of the fix, chooses another snapshotter, and then the default in bad conditions
      When the operator onboards and opts out of the fix
      Then the onboarding fails within its time limit
      And it fails because the kernel refuses the cluster a nested overlay filesystem
      And the engine has no patched image of the cluster
      When the operator onboards and chooses the native snapshotter
      Then the gateway runs from a patched image with the native snapshotter
      When the operator removes all of that, and onboards two sandboxes at the same time
      Then both onboardings succeed, with one patched image between them
      And each snapshotter has a patched image of its own
      When an onboarding is killed while it patches the image, and the operator onboards again
      Then the gateway runs from a whole patched image, not from a half-made one
