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
    And the owner keeps a marker file and credentials in the sandbox
    And the owner keeps files in every place of the agent's state
    And the owner has settings that no image has
    And the owner applies the manifest's policy presets and a custom policy to the sandbox
    And the owner allows one more host in the live policy, and closes another one, past NemoClaw
    And the sandbox's registry entry contains a policy tier, a reasoning effort and settings of the owner's own
    And the auditor notes how the sandbox is set up

  Rule: A rebuild changes the agent and nothing else

    @smoke
    Scenario: The owner rebuilds a sandbox that runs an old OpenClaw
      Given the sandbox runs the old agent
      And the live policy allows what the presets name
      When the owner rebuilds the sandbox
      Then the rebuild succeeds
      And the agent runs inside the sandbox
      And the agent reports that it is healthy
      And the agent accepts its configuration, with the staged model in it
      And the new container has the marker file as its owner wrote it
      And nothing is left of the old container
      And the sandbox has everything that the owner kept in the agent's state, unchanged
      And the owner can still change all of it
      And the new backup has all of it
      And the sandbox runs the agent that NemoClaw expects
      And the registry names the version that runs inside the sandbox
      And the registry still lists the presets
      And the live policy still allows what the presets name
      And the newest backup's manifest lists the presets
      And there is one more backup than before, with the marker file in it
      And the new backup contains no credential
      And the new backup has what stands beside the credentials, unless the owner was warned before the deletion
      And nobody but the owner can read the new backup
      And registry, live policy and backup manifest contain the custom policy unchanged
      And the live policy still allows what its owner allowed past NemoClaw
      And the live policy still lacks what its owner closed past NemoClaw
      And the live policy allows the same network access as before, field by field
      And the live policy confines files, user and kernel access as before
      And registry, gateway, session and policy list show the owner's presets, and no others
      And the registry entry is as before, apart from what a rebuild renews
      And the registry entry still contains the owner's tier, effort and settings
      And the session still names the owner's choices
      And the gateway has the same providers, and the sandbox the same credentials, as before
      And no credential of the gateway has come into the sandbox
      And the sandbox reaches what a preset allows, and is refused everything else
      And the staged endpoint answers an inference request from inside the sandbox
      And the agent answers its owner with what the staged endpoint says
      And the agent's configuration still has the owner's settings, unless the owner was warned before the deletion
      And the environment file still has the owner's lines, unless the owner was warned before the deletion
      When the owner links files from outside into the agent's state, and backs up all sandboxes
      Then no backup contains what the links lead to
      And after the scenario, the blueprint is unchanged
