@scenario-9.1 @AQ-051 @openclaw
Feature: The upgrade check finds a stale sandbox, and finds it up to date after its rebuild
  An operator asks NemoClaw which sandboxes run an old agent. The question changes nothing, and its answer is true before and
  after a rebuild.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-051: an old image, old registry and session state are staged; the upgrade check
  reports the sandbox as stale before the rebuild and as up to date after it.

  Background:
    Given a sandbox "archive" that was onboarded from the manifest "openclaw-nvidia-upgrade-stale"
    And a base image of an agent older than the one NemoClaw expects

  Rule: The check reports the truth and changes nothing

    @smoke
    Scenario: The operator checks, rebuilds the stale sandbox, and checks again
      Given the sandbox is made from that image and registered with its version
      And the sandbox runs the old agent
      When the operator checks for stale sandboxes
      Then the check names the sandbox with its old and its expected version
      And the check changes neither registry nor sandbox
      When the owner rebuilds the sandbox
      Then the rebuild succeeds and the sandbox is ready
      And the agent runs inside the sandbox
      And the agent reports that it is healthy
      And the agent accepts its configuration, with the staged model in it
      And the agent answers its owner with what the staged endpoint says
      And the sandbox runs the agent that NemoClaw expects
      When the operator checks for stale sandboxes
      Then the check reports that everything is up to date
      Given another sandbox "attic" is made from the old image
      When the operator checks while the registry has the two versions the wrong way round
      Then the check finds the old sandbox stale, and no other
      When the operator checks while the registry names no version
      Then the check finds the old sandbox stale, or lists it apart as unknown
      When the current sandbox is stopped, and the operator checks while the registry is wrong
      Then the check lists the stopped sandbox apart as unknown
      And the checks change neither registry nor session nor sandboxes
      When the operator upgrades every stale sandbox
      Then the old sandbox runs the expected agent in a new container, and the other one was left alone
