@scenario-9.1 @AQ-051 @AQ-052 @openclaw
Feature: A sandbox survives the replacement of a gateway that the current release cannot take over
  An operator brings a machine from an old release to the current one. The two gateways do not understand each other, so the
  sandbox has to be backed up under the old one and recreated under the new one; its owner finds it as it was.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-051 and for what the suite of AQ-052 says of upgrades: an old release with
  its gateway and a sandbox are staged; the current installer runs, first without and then with consent to the upgrade;
  versions, backup, marker, registry and survivor reachability are verified.

  Background:
    Given an old and the current release that installers find
    And the installer of the old release was run for a sandbox "survivor", as the manifest "openshell-gateway-upgrade-survivor" describes it

  Rule: The old gateway goes only with consent, and not before its sandboxes are backed up

    Scenario: The operator upgrades a machine whose sandbox is at work under the old gateway
      Given the old command line is the one in use
      And the installed source is the old release
      And the old gateway runs in its container, with the survivor under it
      And the survivor is registered and ready under the old gateway
      And the sandbox holds a marker file of its owner
      And the survivor's agent is at work, and a heartbeat goes with it
      And the agent in the survivor is alive and its heartbeat goes on
      When the operator runs the current installer without consenting to the upgrade
      Then the installer refuses, names the manual commands, and leaves gateway and survivor alone
      When the operator runs the current installer and consents to the upgrade
      Then the installer says that the upgrade was accepted
      And the survivor was backed up, and whole, before the old gateway went
      And the command line in use is the current one
      And the running gateway is the current one
      And the survivor is ready
      And the survivor holds the marker file that its owner wrote, in another container
      And the agent in the survivor is there and configured
      And registry and list still hold the survivor
      And the survivor executes commands, and the staged endpoint answers its inference
      And the suite finds the sandbox registry preserved
      And the suite finds the gateway version upgraded
      And the suite finds the survivor's agent reachable
