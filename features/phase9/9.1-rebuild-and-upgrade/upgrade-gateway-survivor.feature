@scenario-9.1 @AQ-051 @AQ-052 @openclaw
Feature: A sandbox survives the replacement of a gateway that the current release cannot take over
  An operator brings a machine from an old release to the current one, which cannot take the old gateway over. The upgrade
  backs the sandbox up under the old gateway and recreates it under the current one. Its owner finds it unchanged.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-051 and for the upgrade assertions of the suite of AQ-052: an old release
  with its gateway and a sandbox are staged; the current installer runs, first without and then with consent to the upgrade,
  and is killed on its way; versions, backup, marker, registry and survivor reachability are verified.

  Background:
    Given an old and the current release that installers find
    And the old release was installed with a sandbox "survivor" from the manifest "openshell-gateway-upgrade-survivor"

  Rule: The old gateway is replaced only with consent, and only after its sandboxes are backed up

    Scenario: The operator upgrades a machine whose sandbox is at work under the old gateway
      Given the command line in use is the old one
      And the installed source is the old release
      And the old gateway runs in a container and manages the sandbox
      And the sandbox is registered and ready under the old gateway
      And the owner keeps a marker file in the sandbox
      And a heartbeat lasts as long as the agent runs in the sandbox
      And the agent is alive and its heartbeat continues
      And a second sandbox "spare" under the old gateway, with a policy preset and a marker file of its own
      And the registry entry of every sandbox contains a policy tier, a reasoning effort and settings of the owner's own
      When the operator runs the current installer without consenting to the upgrade
      Then the installer refuses, names the manual commands, and changes nothing
      When the operator runs the current installer and consents to the upgrade
      Then the installer reports that the upgrade was accepted
      And the installer reports success
      And a complete backup of the sandbox was made before the old gateway stopped
      And the command line in use is the current one
      And the running gateway is the current one
      And the sandbox is ready under the current gateway
      And every sandbox is ready in a new container, with its marker file
      And every sandbox runs the agent of the current release
      And the registry has every sandbox as it was before, field by field
      And the preset that the owner of the second sandbox applied is registered, and open in the live policy
      And the default sandbox is the same as before
      And the sandbox was recreated with the marker file that its owner wrote
      And the agent in the sandbox is installed and configured
      And registry and list still name the sandbox
      And the sandbox executes commands, and the staged endpoint answers its inference
      And the agent in the sandbox is reachable
      And the agent of every sandbox reports that it is healthy
      And the agent of every sandbox answers its owner with what the staged endpoint says
      When the current gateway is stopped and started again
      Then every sandbox runs on in its container, and is registered as before
      When the operator runs the current installer again
      Then the installer succeeds, and every sandbox runs on as before

    Scenario: The operator upgrades a machine that is not ready for it
      Given the old gateway runs in a container and manages the sandbox
      And the owner keeps a marker file in the sandbox
      And a second sandbox "spare" under the old gateway, with a policy preset and a marker file of its own
      When the operator runs the current installer where the old commands are not on the search path
      Then the installer still finds the old release, refuses, and changes nothing
      When the operator consents to the upgrade, and no backup can be written
      Then the installer stops before the old gateway goes, and changes nothing
      When the operator consents to the upgrade while the second sandbox is stopped
      Then the installer loses no sandbox: it changes nothing, or brings every sandbox over
      When the operator consents to the upgrade, and the old command line is gone
      Then the installer without a command line loses no sandbox
      When the operator consents to the upgrade, and another program of the command line's name is found first
      Then the installer leaves the other program alone, and loses no sandbox

  Rule: An upgrade that was killed comes to its end

    Scenario: One kill after the other ends the upgrade, and the operator runs the installer again each time
      Given the old gateway runs in a container and manages the sandbox
      And the owner keeps a marker file in the sandbox
      And a second sandbox "spare" under the old gateway, with a policy preset and a marker file of its own
      And the registry entry of every sandbox contains a policy tier, a reasoning effort and settings of the owner's own
      When a kill during the backup ends the upgrade
      Then the old release still runs as before the kill
      When a kill right after the old gateway went ends the upgrade
      Then a kill right after the old gateway went has cost neither a registration nor a backup
      When a kill while the first sandbox is made anew ends the upgrade
      Then a kill while the first sandbox is made anew has cost neither a registration nor a backup
      When the operator runs the current installer once more, to its end
      Then the upgrade comes to its end, and has cost nothing
