@scenario-9.1 @AQ-050 @openclaw
Feature: Rebuilding one sandbox leaves the others alone
  An owner has three sandboxes under one gateway: an old OpenClaw one, a stopped one, and a Hermes one that is the default. The
  owner rebuilds the old one. It keeps its own choices, and nothing of the others changes.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-050: an old OpenClaw image, old registry state and two other sandboxes are
  staged; the rebuild and a backup of all sandboxes run; agent, model, default and all that belongs to the others are verified.

  Scenario: The owner of three sandboxes rebuilds the oldest one
    Given a sandbox "archive" that was onboarded from the manifest "openclaw-nvidia-custom-policies-rebuild"
    And a base image of an agent older than the one NemoClaw expects
    And the sandbox is made from that image and registered with its version
    And a stopped OpenClaw sandbox "attic" beside it, with a model of its own and no preset, whose onboarding was resumed
    Then the resumed onboarding left its sandbox as it was, with no preset
    Given a running Hermes sandbox "scribe" beside it, with a model of its own, which is the default
    And the owner's environment still names the Hermes sandbox, its agent and its model
    And the auditor notes how the sandbox is set up
    And the auditor notes how the other sandboxes are
    When the owner rebuilds the sandbox
    Then the rebuilt sandbox has its own agent, model and inference, and not those of another one
    And the other sandboxes have the container, policy, registry entry and files of before
    And the default sandbox is the one of before
    When the owner backs up all sandboxes
    Then each sandbox is counted as backed up or skipped, as it was
    When the owner backs up all sandboxes, and the Hermes sandbox's backup cannot be written
    Then the failed backup is counted and reported as a failure, and the others are made
