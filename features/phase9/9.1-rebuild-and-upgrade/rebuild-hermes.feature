@scenario-9.1 @AQ-050 @hermes
Feature: Rebuilding a Hermes sandbox keeps what its owner put there
  An owner whose old Hermes talks on Discord rebuilds the sandbox, and finds memories and messaging as they were, without
  having to hand out the Discord token again.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-050: an old Hermes image and old registry and session state are staged; the
  rebuild runs; marker, messaging, backup and agent version are verified.

  Background:
    Given a sandbox "archive" that was onboarded from the manifest "hermes-nvidia-discord-rebuild"
    And a base image of an agent older than the one NemoClaw expects

  Rule: A rebuild changes the agent and nothing else

    Scenario: The owner rebuilds a sandbox that runs an old Hermes on Discord
      Given the sandbox is made from that image and registered with its version
      And the sandbox holds a marker file and credentials of its owner
      And the sandbox is configured for Discord
      And Discord stands in the sandbox's environment file and configuration
      And the agent inside the sandbox is the old one
      When the owner rebuilds the sandbox
      Then the rebuild succeeds
      And the marker file is the one the owner wrote
      And the agent inside the sandbox is the version that NemoClaw expects
      And the environment file holds the placeholder for the Discord token
      And the configuration of Discord is as it was, key by key
      And the registry still holds the messaging channels
      And the registry names the version that runs inside the sandbox
      And an inference request from inside the sandbox is answered by the staged endpoint
      And the backup holds no credential

  Rule: A rebuild trusts no cached base image

    Scenario: The cached base image is still the old one
      Given the sandbox is made from that image and registered with its version
      And the base image that NemoClaw has cached is the old one
      When the owner rebuilds the sandbox
      Then the cached base image was refreshed and the agent is the version that NemoClaw expects
