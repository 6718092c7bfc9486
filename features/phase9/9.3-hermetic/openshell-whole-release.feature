@scenario-9.3 @AQ-051 @no-engine
Feature: The installer leaves one whole OpenShell release, or says that it could not
  An operator runs the installer where something goes wrong: it is killed half way, it finds programs of two releases, it cannot
  replace what is there, or nobody is signed in. It completes the pinned release or refuses, and never reports a success that is none.

  Carries out Scenario 9.3 ("version pin replacement … pass without requiring product manifests") and the required assertion
  "Installer replaces too-new OpenShell with pinned compatible version", for AQ-051. Installer-only: there is no product
  manifest, no engine and no network; the installer runs on a staged machine and can write nowhere else.

  Rule: An installation that was cut short is never taken for a complete one

    Scenario: The installer is killed while it replaces an OpenShell that is too new
      Given a Linux machine whose OpenShell and helpers are newer than NemoClaw supports
      And a release host that offers the pinned OpenShell and a newer one
      And the operator is signed in to the release host
      When the installer is killed before each program that it replaces, and the operator runs it again each time
      Then after each kill the next run completes the pinned release or refuses

  Rule: Programs of two releases are not a complete installation

    Scenario: The operator runs the installer over programs of two releases
      Given a Linux machine that has the pinned OpenShell and its helpers
      And a release host that offers the pinned OpenShell and a newer one
      And the operator is signed in to the release host
      When the operator runs the installer over each of these mixtures:
        | the gateway is newer          |
        | the gateway is older          |
        | the sandbox helper is newer   |
        | the sandbox helper is older   |
        | both helpers are newer        |
        | the gateway is an empty file  |
      Then the installer accepts no mixture as complete

  Rule: An OpenShell that cannot be replaced is no success

    Scenario: The operator runs the installer where OpenShell cannot be replaced
      Given a Linux machine whose OpenShell and helpers are newer than NemoClaw supports
      And a release host that offers the pinned OpenShell and a newer one
      And the operator is signed in to the release host
      When the operator runs the installer while each of these hinders it:
        | the directory of the programs is read-only |
        | a directory has the name of the gateway    |
      Then the installer replaces OpenShell all the same, or names what hinders it and changes nothing

  Rule: A sign-in to the release host is not needed

    Scenario: The operator has the release host's own tool, and is not signed in
      Given a Linux machine whose OpenShell and helpers are newer than NemoClaw supports
      And a release host that offers the pinned OpenShell and a newer one
      When the operator runs the OpenShell installer
      Then the installer downloads the pinned release without a sign-in, and installs it
