@scenario-9.3 @AQ-051 @no-engine
Feature: The installer brings OpenShell back to the release that NemoClaw pins
  An operator whose OpenShell is newer than NemoClaw supports runs the installer, and has the pinned release in its place,
  helpers and all. A download that does not match its checksum changes nothing.

  Carries out Scenario 9.3 ("version pin replacement … pass without requiring product manifests") and the required assertion
  "Installer replaces too-new OpenShell with pinned compatible version", for AQ-051. Installer-only: there is no product
  manifest, no engine and no network; the installer runs on a staged machine and can write nowhere else.

  Background:
    Given a Linux machine whose OpenShell and helpers are newer than NemoClaw supports
    And a release host that offers the pinned OpenShell and a newer one
    And the operator is signed in to the release host

  Rule: An OpenShell that is too new is replaced, not refused

    Scenario: The operator runs the installer over an OpenShell that is too new
      When the operator runs the OpenShell installer
      Then the OpenShell installer succeeds
      And the installer requests the pinned release and no other
      And the installer never requests the release that is too new
      And the OpenShell in the same place is the pinned one
      And the helpers beside it are those of the pinned release

  Rule: Nothing is installed that was not verified

    Scenario: Every download in turn is tampered with
      When the operator runs the installer once per needed download, with that download tampered with
      Then every run fails and leaves the programs on the Linux machine unchanged
