@scenario-9.1 @scenario-9.3 @AQ-054 @openclaw @slow
Feature: A gateway in a container starts although the engine's storage is in its way
  An operator has an engine that keeps its containers on containerd's overlay. The kernel refuses a cluster in such a container
  an overlay of its own. NemoClaw notices, makes an image of the cluster that works there, once, and runs the gateway from it,
  unless the operator does not want that.

  Carries out Scenario 9.3 ("overlayfs patched-image create/reuse plus opt-out negative path … pass without requiring product
  manifests"), step 1 ("stage … Docker daemon mutation backup, patched image") and step 2, with its part in Scenario 9.1,
  steps 1 and 2 ("runtime edge actions"), for AQ-054: the required assertions "Overlayfs autofix creates and reuses patched
  image" and "Overlayfs opt-out negative path behaves correctly". Runtime edge: the operator's own engine is never touched;
  the engine, its configuration and all its images are the scenario's.

  Background:
    Given an engine of the scenario's own that keeps its containers on containerd's overlay
    And a release whose gateway is a cluster in a container, with all its images on that engine

  Rule: The fix makes an image of its own, once, and the gateway runs from it

    @smoke
    Scenario: The operator onboards, and onboards again
      Given the engine says that its containers lie on containerd's overlay
      And the kernel refuses the cluster an overlay of its own
      When the operator onboards
      Then the onboarding succeeds and the gateway is healthy
      And the onboarding says that it detected containers on containerd's overlay
      And the engine has one patched image of the cluster
      And the gateway runs from the patched image
      And the gateway's log tells of no refused overlay, and its containers are kept by fuse-overlayfs
      When the operator removes the sandbox and the gateway, and onboards again
      Then the patched image has the same name
      And the patched image is the one from before, neither fetched nor built again
      And the engine's configuration is put back

  Rule: The operator decides

    Scenario: The operator does without the fix, and then with another snapshotter
      When the operator onboards without the fix
      Then the onboarding fails in time
      And it fails because the kernel refuses the cluster an overlay of its own
      And the engine has no patched image of the cluster
      When the operator onboards with the native snapshotter
      Then the patched image is one with the native snapshotter, and the gateway runs from it
