@scenario-9.1 @scenario-9.3 @AQ-055
Feature: A DGX Spark is installed as any other Linux machine
  An owner of a DGX Spark runs the installer, from a checkout or from its public address, and has NemoClaw. The installer takes
  none of the steps that a Spark once needed, and an installation that is impossible or not permitted changes nothing.

  Carries out Scenario 9.1, step 3 ("artifacts include passing … Spark … assertions"), and Scenario 9.3 ("installer-only …
  scenarios stay hermetic/setup-specific"), step 2, for AQ-055, with the required assertion "Spark install installer behavior".
  Installer-only: there is no product manifest. The installer runs on a staged machine that looks like a DGX Spark, and can
  change no file outside it.

  Rule: Nothing is installed without a Docker engine, or without the owner's consent

    @no-engine
    Scenario: The machine's Docker engine does not answer, or cannot be used for another reason
      Given a DGX Spark whose Docker engine does not answer
      When its owner runs the installer of a checkout as root, with consent
      Then the installer reports that Docker is not reachable, and installs nothing
      When its owner runs the installer of a checkout where the engine cannot be used because:
        | it is not running                        |
        | the owner may not use it                 |
        | the owner may use it from the next login |
        | it is broken                             |
        | it is too old                            |
        | the owner names another machine’s engine |
      Then the installer names each cause, and what helps against it
      And it installs nothing, and leaves the machine as it was, each time

    @no-engine
    Scenario: The owner does not consent to the software of third parties
      Given a DGX Spark whose Docker engine answers
      When its owner runs the installer of a checkout unattended, without consent
      And its owner runs the installer of a checkout without a terminal, without consent
      Then the installer reports the missing consent each time, and installs nothing

  Rule: An installation takes the generic steps, from whichever place it is started

    @smoke
    Scenario: The owner installs from a checkout, and a second machine through the public installer
      Given a DGX Spark with a Docker engine, and an owner with keys to a staged endpoint
      And the machine runs Linux
      When its owner runs the installer of a checkout and consents to what it installs
      Then the installation succeeds
      And the installation takes the generic steps and none for a DGX Spark
      And a fresh login shell finds both commands
      And a fresh terminal finds both commands
      And the command line prints its usage
      When the owner runs the former set-up of a DGX Spark
      Then NemoClaw reports that the set-up is deprecated, and runs onboarding instead
      When the owner runs the installer of the checkout once more
      Then the second installation is whole, and the owner has lost nothing
      When the owner takes the sandbox down
      And the owner runs the public installer on a second DGX Spark
      Then both machines have the same commands, onboarding and sandboxes
      And a fresh zsh of its owner finds both commands
      When the public installer is killed twice on its way, and the owner runs it again
      Then that installation is whole, and the owner has lost nothing
      And no key of the owner appears in the output of any installation
      And no key of the owner appears among the arguments of a process
      And no key of the owner lies in a file for others to read, in a log or in a startup file
