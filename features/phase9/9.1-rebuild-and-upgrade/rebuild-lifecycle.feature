@scenario-9.1 @AQ-050 @openclaw
Feature: NemoClaw names a stale sandbox, and refuses a rebuild that is not safe
  NemoClaw shows which agent a sandbox runs, warns when it is stale, and refuses a rebuild that could lose something, before
  anything is deleted.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-050: old registry and session state is staged; status, connect and rebuild
  run; their output, and all that they leave alone, is verified.

  Background:
    Given a sandbox "archive" that was onboarded from the manifest "openclaw-nvidia-custom-policies-rebuild"

  Rule: NemoClaw names a stale sandbox until it is rebuilt

    Scenario: The owner of a sandbox registered with a very old version looks at it and rebuilds it
      Given a base image of an agent older than the one NemoClaw expects
      And the sandbox is made from that image and registered with version "0.0.1"
      When the owner asks for the sandbox's status
      Then the status shows the agent's version
      And the status advises a rebuild to the version that NemoClaw expects
      When the owner connects to the sandbox
      Then the owner reads how to rebuild the stale sandbox
      When the owner asks about the sandbox while the registry names the expected version
      And the owner asks about the sandbox while the registry names no version
      And the sandbox is registered with version "0.0.1"
      And the owner rebuilds the sandbox
      Then the rebuild names the version that ran inside as the current one, or admits that it does not know it
      And the registry names the version that runs inside the sandbox, and no longer "0.0.1"
      When the owner asks about the sandbox while the registry names the old version
      And the owner stops the sandbox and asks about it while the registry names another version
      Then every status names the version inside, or admits that it is not known
      And only a stale agent makes connecting advise a rebuild
      And no list claims another version than the one inside
      And the questions change neither registry nor session nor sandbox

  Rule: An unsafe rebuild is refused before anything is deleted

    Scenario: The sandbox is not running
      Given the sandbox is registered with version "0.0.1"
      And the owner keeps a marker file in the sandbox
      And the owner has backed up all sandboxes
      And the sandbox is stopped
      When the owner rebuilds the sandbox
      Then the rebuild is refused because the sandbox is not running, and changes nothing
