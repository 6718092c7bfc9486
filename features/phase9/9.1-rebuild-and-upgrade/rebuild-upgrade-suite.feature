@scenario-9.1 @AQ-052
Feature: The rebuild and upgrade suite, made live
  NemoClaw's own validation suite names five things that a rebuild must keep. Here each is checked on sandboxes that really
  started from an old image, for either agent. OpenClaw has no Hermes configuration: there the last check is not applicable.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-052. The feature about the surviving sandbox checks what the suite names for
  gateway upgrades.

  Scenario Outline: The owner rebuilds a sandbox made from an old <agent> image
    Given a sandbox "archive" that was onboarded from the manifest "<manifest>"
    And a base image of an agent older than the one NemoClaw expects
    And the sandbox is made from that image and registered with its version
    And the owner keeps a marker file in the sandbox
    And the owner configures the sandbox for the manifest's messaging channels
    And the owner applies the manifest's policy presets to the sandbox
    And the live policy allows what the presets name
    And the auditor notes how the sandbox is set up
    When the owner rebuilds the sandbox
    Then the agent runs inside the sandbox
    And the agent reports that it is healthy
    And the agent accepts its configuration, with the staged model in it
    And the new container has the marker file as its owner wrote it
    And the sandbox runs the agent that NemoClaw expects
    And the sandbox lists the staged model, and the staged endpoint answers its inference request
    And the agent answers its owner with what the staged endpoint says
    And registry, live policy and backup manifest still contain the presets
    And registry, gateway, session and policy list show the owner's presets, and no others
    And the live policy allows the same network access as before, field by field
    And the Discord configuration is unchanged, key by key

    @openclaw
    Examples:
      | agent    | manifest                                |
      | OpenClaw | openclaw-nvidia-custom-policies-rebuild |

    @hermes @smoke
    Examples:
      | agent  | manifest                      |
      | Hermes | hermes-nvidia-discord-rebuild |
