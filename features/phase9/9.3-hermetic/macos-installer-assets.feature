@scenario-9.3 @AQ-051 @no-engine
Feature: The installer completes OpenShell on a Mac, and downloads only what the Mac needs
  An operator with a Mac has the pinned OpenShell but not its gateway. The installer notices, downloads the gateway made for
  the Mac, and leaves the driver for virtual machines alone.

  Carries out Scenario 9.3, step 1 ("stage installer asset … fixtures") and step 2 ("run hermetic assertions"), with the
  required fixture "macOS hermetic installer asset fixtures", for AQ-051. Installer-only: there is no product manifest, no
  engine, no network and no Mac; the installer runs on a staged machine and can write nowhere else.

  Rule: An installation without its gateway is completed

    Background:
      Given a Mac with Apple silicon that has the pinned OpenShell without its gateway
      And a release host that offers the pinned OpenShell and a newer one

    Scenario: The operator runs the installer over an OpenShell without its gateway
      Given an earlier installation left an unsigned driver for virtual machines
      When the operator runs the OpenShell installer
      Then the installer reports missing driver binaries and goes on to download
      And the installer requests the gateway made for Apple silicon
      And the installer never requests the driver for virtual machines
      And the installer signs no program

    Scenario: The operator runs the installer on Macs with other checksum tools
      When the operator runs the installer on the Mac with each of these checksum tools:
        | shasum alone                              |
        | shasum, and a sha256sum that cannot check |
      Then the installer succeeds with each of these checksum tools
      And after each success the pinned gateway lies beside the pinned OpenShell

    Scenario: Every download in turn is tampered with
      When the operator runs the installer once per needed download, with that download tampered with
      Then every run fails and leaves the programs on the Mac unchanged

  Rule: A complete installation is left alone

    Scenario: The operator runs the installer over a complete OpenShell
      Given a Mac with Apple silicon that has the pinned OpenShell and its gateway
      And a release host that offers the pinned OpenShell and a newer one
      When the operator runs the OpenShell installer
      Then the installer accepts the complete installation and downloads nothing

  Rule: Compatibility that only virtual machines need is off

    Scenario: The operator looks up how images are built by default
      When the operator reads the Dockerfiles that NemoClaw ships
      Then the Dockerfiles leave root-filesystem compatibility for virtual machines off
