@scenario-9.3 @AQ-051 @no-engine
Feature: The installer completes OpenShell on a Mac, and asks for no more than that needs
  An operator with a Mac has the pinned OpenShell but not its gateway. The installer notices, fetches what was made for the
  Mac, and leaves the driver for virtual machines alone.

  Carries out Scenario 9.3, step 1 ("stage installer asset … fixtures") and step 2 ("run hermetic assertions"), with the
  required fixture "macOS hermetic installer asset fixtures", for AQ-051. Installer-only: there is no product manifest, no
  engine, no network and no Mac; the installer runs on a machine of its own that it cannot leave.

  Rule: An installation without its gateway is completed

    Background:
      Given a Mac with Apple silicon that has the pinned OpenShell without its gateway
      And a release host that offers the pinned OpenShell and a newer one

    Scenario: The operator runs the installer over an OpenShell without its gateway
      Given the driver for virtual machines of an earlier installation is still there, unsigned
      When the operator runs the OpenShell installer
      Then the installer says that driver binaries are missing and goes on to download
      And it asks for the gateway made for Apple silicon
      And it does not ask for the driver for virtual machines
      And it signs nothing

    Scenario: One download after the other is tampered with
      When the operator runs the OpenShell installer again and again, each time with another download tampered with
      Then the installer fails every time and installs nothing

  Rule: A complete installation is left alone

    Scenario: The operator runs the installer over a complete OpenShell
      Given a Mac with Apple silicon that has the pinned OpenShell and its gateway
      And a release host that offers the pinned OpenShell and a newer one
      When the operator runs the OpenShell installer
      Then the installer accepts what is there and downloads nothing

  Rule: What only virtual machines need is off

    Scenario: The operator looks up how images are built by default
      When the operator reads the Dockerfiles that NemoClaw ships
      Then they declare compatibility with root filesystems of virtual machines, switched off
