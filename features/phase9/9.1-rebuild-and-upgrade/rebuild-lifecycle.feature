@scenario-9.1 @AQ-050 @openclaw
Feature: An owner is told of a stale sandbox, and a rebuild that cannot be safe does not begin
  NemoClaw shows which agent a sandbox runs, warns when it is stale, and refuses a rebuild that could lose something, before
  anything is deleted.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-050: old registry and session state is staged; status, connect and rebuild
  run; what they say and what they leave alone is verified.

  Background:
    Given a sandbox "archive" that was onboarded from the manifest "openclaw-nvidia-custom-policies-rebuild"

  Rule: A stale sandbox is named as one until it is rebuilt

    Scenario: The owner of a sandbox registered with a very old version looks at it and rebuilds it
      Given a base image of an agent older than the one NemoClaw expects
      And the sandbox is made from that image and registered with version "0.0.1"
      When the owner asks for the sandbox's status
      Then the status shows a version of the agent
      When the owner connects to the sandbox
      Then the owner is told how to rebuild the stale sandbox
      When the owner rebuilds the sandbox
      Then the registry names the version inside the rebuilt sandbox and no longer "0.0.1"

  Rule: A rebuild that cannot be safe is refused before anything is deleted

    Background:
      Given the sandbox is registered with version "0.0.1"
      And the sandbox holds a marker file of its owner

    Scenario: The sandbox is not running
      Given a backup of all sandboxes was made
      And the sandbox is stopped
      When the owner rebuilds the sandbox
      Then the rebuild is refused because the sandbox is not running, and nothing is touched

    Scenario: The backup cannot be written
      Given the place for backups cannot be written
      When the owner rebuilds the sandbox
      Then the rebuild is refused and the sandbox still runs with its marker file

    Scenario: The provider's credential is missing
      Given the provider's credential is not in the environment
      When the owner rebuilds the sandbox
      Then the rebuild is refused and names the missing credential, and nothing is deleted
