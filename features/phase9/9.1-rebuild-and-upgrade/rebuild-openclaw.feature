@scenario-9.1 @AQ-050 @openclaw
Feature: Rebuilding an OpenClaw sandbox keeps what its owner put there
  An owner whose sandbox runs an old OpenClaw rebuilds it, and finds notes, policies and inference as they were, under the
  OpenClaw that NemoClaw expects.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-050: an old OpenClaw image, old registry and session state and a lowered
  blueprint minimum are staged; the rebuild runs; marker, policies, backup and agent version are verified.

  Background:
    Given a sandbox "archive" that was onboarded from the manifest "openclaw-nvidia-custom-policies-rebuild"
    And a base image of an agent older than the one NemoClaw expects
    And the sandbox is made from that image and registered with its version
    And the sandbox holds a marker file and credentials of its owner
    And the manifest's policy presets and a policy of the owner's own are applied to the sandbox

  Rule: A rebuild changes the agent and nothing else

    @smoke
    Scenario: The owner rebuilds a sandbox that runs an old OpenClaw
      Given the agent inside the sandbox is the old one
      And the live policy opens what the presets name
      When the owner rebuilds the sandbox
      Then the rebuild succeeds
      And the marker file is the one the owner wrote, in another container
      And the agent inside the sandbox is the version that NemoClaw expects
      And the registry names the version that runs inside the sandbox
      And the registry still holds the presets
      And the live policy still opens what the presets name
      And the newest backup's manifest holds the presets
      And there is one backup more than before, with the marker file in it
      And the backup holds no credential
      And the owner's own policy stands unchanged in registry, live policy and backup manifest
      And the sandbox reaches what a preset opens and is refused everything else
      And an inference request from inside the sandbox is answered by the staged endpoint
      And in the end the blueprint is as it was
