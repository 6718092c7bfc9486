@scenario-9.1 @scenario-9.3 @AQ-056 @hermes
Feature: A Hermes container started as root runs its gateway without root's rights
  A Hermes container starts as root, because only root can clean up what an older release left behind. After that, the
  gateway runs as a user of its own, who can use the agent's state and can neither change nor remove
  its configuration.

  Carries out Scenario 9.1, step 1 ("stage … runtime fixtures"), and Scenario 9.3, step 2 ("run hermetic assertions"),
  with the required fixture "Hermes root-entrypoint container smoke fixtures" and the required "Hermes root-entrypoint
  smoke assertions", for AQ-056. There is no product manifest: nobody onboards the container, and no sandbox stands
  around it.

  Background:
    Given an image of a Hermes sandbox, built from what NemoClaw ships

  Rule: The gateway runs as a user of its own, and has what it needs

    Scenario Outline: The container starts <state>
      Given a container of that image, <state>
      When the container starts as root, through its own entry point
      Then Hermes is healthy
      And its gateway runs as the user made for it, without privileges
      And the start log reports that the gateway was launched as that user
      And the gateway's log reports no other running gateway
      And the gateway loads its configuration
      And members of one group share the state directory, and cannot delete each other's files
      And every directory that Hermes needs exists, and the gateway can write to it
      And the PID file is a regular file, not a link
      And the gateway can neither change nor remove its configuration

      @clean @smoke
      Examples:
        | state           |
        | as it was built |

      @legacy
      Examples:
        | state                                  |
        | with what an older release left behind |

    @legacy
    Scenario: The start removes the stale link of an older release
      Given a container of that image, with what an older release left behind
      When the container starts as root, through its own entry point
      Then the start log reports that the stale link was removed

  Rule: Root follows no link that others could have planted

    @legacy
    Scenario: The old PID file links to a file of root
      Given a container of that image, whose old PID file links to a file of root elsewhere
      When the container starts as root, through its own entry point
      Then the link is gone, and root's file is unchanged

  Rule: A gateway that was killed does not keep the next one from starting, and one that runs does

    Scenario: The container is killed again and again
      Given a container of that image, as it was built
      When the container starts as root, through its own entry point
      And the container is killed and started again, 3 times
      Then Hermes is healthy after each kill
      And PID file and lock name the running gateway after each kill

    Scenario: The killed gateway leaves something else than its PID file and its lock
      Given a container of that image, as it was built
      When the container starts as root, through its own entry point
      And the container is killed and started again, each time with one of these where PID file and lock were:
        | in their place                |
        | the number of no process      |
        | the number of another process |
        | nothing                       |
        | bytes without a form          |
        | a link to a file of root      |
        | a link to nowhere             |
        | a directory with a file in it |
      Then Hermes is healthy after each of these
      And no file of root that a link led to is changed

    Scenario: Somebody starts the entry point beside a gateway that runs
      Given a container of that image, as it was built
      When the container starts as root, through its own entry point
      And somebody starts its entry point once more, beside the running one
      Then the gateway that runs is the same, healthy, and keeps its PID file and its lock
