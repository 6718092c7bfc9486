@scenario-9.1 @scenario-9.3 @AQ-056 @hermes
Feature: A Hermes container started as root runs its gateway without root's rights
  A Hermes container starts as root, because only root can put in order what an older release left behind. Once that is done, the
  gateway runs as a user of its own, who can use the agent's state and cannot remove its configuration.

  Carries out Scenario 9.1, step 1 ("stage … runtime fixtures"), and Scenario 9.3, step 2 ("run hermetic assertions"), with the
  required fixture "Hermes root-entrypoint container smoke fixtures" and the required "Hermes root-entrypoint smoke assertions", for
  AQ-056. There is no product manifest: nobody onboards the container, and no sandbox stands around it.

  Background:
    Given an image of a Hermes sandbox, built from what NemoClaw ships

  Rule: The gateway has a user of its own, and finds what it needs

    @clean @smoke
    Scenario: The container starts as it was built
      Given a container of that image, as it was built
      When the container starts as root, through its own entry point
      Then Hermes is healthy
      And its gateway runs as the user made for it, without privileges
      And the start log says that the gateway was launched as that user
      And the gateway does not take another one to be running
      And the gateway loads its configuration
      And the state directory is shared with the group, sticky, and hands its group on
      And every directory that Hermes needs is there, and the gateway can write to it
      And the PID file is a file of its own, not a link
      And the gateway cannot remove its configuration

    @legacy
    Scenario: The container starts with what an older release left behind
      Given a container of that image that holds what an older release left behind
      When the container starts as root, through its own entry point
      Then Hermes is healthy
      And its gateway runs as the user made for it, without privileges
      And the start log says that the gateway was launched as that user
      And the start log says that the stale link was removed
      And the gateway does not take another one to be running
      And the gateway loads its configuration
      And the state directory is shared with the group, sticky, and hands its group on
      And every directory that Hermes needs is there, and the gateway can write to it
      And the PID file is a file of its own, not a link
      And the gateway cannot remove its configuration

  Rule: Root follows no link that others could have planted

    @legacy
    Scenario: The old PID file links to a file of root
      Given a container of that image whose old PID file links to a file of root, outside the state directory
      When the container starts as root, through its own entry point
      Then the link is gone, and root's file is what it was
