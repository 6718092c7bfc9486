@scenario-9.1 @scenario-9.3 @AQ-055
Feature: A DGX Spark is installed as any other Linux machine
  An owner of a DGX Spark runs the installer, from a checkout or as the documentation tells, and has NemoClaw. What a Spark once
  needed of its own is no longer done, and an installation that cannot or may not be made changes nothing.

  Carries out Scenario 9.1, step 3 ("artifacts include passing … Spark … assertions"), and Scenario 9.3 ("installer-only …
  scenarios stay hermetic/setup-specific"), step 2, for AQ-055, with the required assertion "Spark install installer behavior".
  Installer-only: there is no product manifest. The installer runs on a machine of its own that looks like a DGX Spark, whose
  files are all that it can change.

  Rule: Nothing is installed that cannot run, or that nobody accepted

    @no-engine
    Scenario: The machine's Docker engine does not answer
      Given a DGX Spark whose Docker engine does not answer
      When its owner, as root, runs the installer of a checkout
      Then the installer says that Docker is not reachable, and installs nothing

    @no-engine
    Scenario: Nobody accepts the software of third parties
      Given a DGX Spark whose Docker engine answers
      When its owner runs the installer of a checkout unattended, and later without a terminal, and accepts nothing
      Then the installer refuses each time, and installs nothing

  Rule: An installation takes the generic way, whichever way it was begun

    @smoke
    Scenario: The owner installs from a checkout, and a second machine through the public installer
      Given a DGX Spark with a Docker engine, and an owner with keys to a staged endpoint
      And the machine runs Linux
      When its owner runs the installer of a checkout and accepts what it installs
      Then the installation succeeds
      And it went the generic way, without a step for this kind of machine
      And a fresh login shell finds both commands
      And the command line explains itself
      When the owner asks for the former set-up of a DGX Spark
      Then it is called a deprecated name of onboarding, and does just that
      When the owner takes the sandbox down, and pipes the public installer into a shell on a second DGX Spark
      Then the second machine has what the first one had
      And neither installation put a key of the owner into its log
