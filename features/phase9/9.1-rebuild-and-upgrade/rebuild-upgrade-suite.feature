@scenario-9.1 @AQ-052
Feature: The rebuild and upgrade suite, made live
  NemoClaw's own validation suite names five things that a rebuild must keep. Here each is made on sandboxes that really started
  from an old image, on either agent.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-052. What the suite says of gateway upgrades stands in the feature about the
  survivor.

  @openclaw
  Scenario: An OpenClaw sandbox made from an old image is rebuilt
    Given a sandbox "archive" that was onboarded from the manifest "openclaw-nvidia-custom-policies-rebuild"
    And a base image of an agent older than the one NemoClaw expects
    And the sandbox is made from that image and registered with its version
    And the sandbox holds a marker file of its owner
    And the manifest's policy presets are applied to the sandbox
    When the owner rebuilds the sandbox
    Then the suite finds the workspace state preserved
    And the suite finds the agent version upgraded
    And the suite finds inference working
    And the suite finds the policy presets preserved in registry, live policy and backup manifest
    And the suite finds Hermes' configuration preserved, where there is one

  @hermes @smoke
  Scenario: A Hermes sandbox made from an old image is rebuilt
    Given a sandbox "archive" that was onboarded from the manifest "hermes-nvidia-discord-rebuild"
    And a base image of an agent older than the one NemoClaw expects
    And the sandbox is made from that image and registered with its version
    And the sandbox holds a marker file of its owner
    And the sandbox is configured for Discord
    And the manifest's policy presets are applied to the sandbox
    When the owner rebuilds the sandbox
    Then the suite finds the workspace state preserved
    And the suite finds the agent version upgraded
    And the suite finds inference working
    And the suite finds the policy presets preserved in registry, live policy and backup manifest
    And the suite finds Hermes' configuration preserved, where there is one
