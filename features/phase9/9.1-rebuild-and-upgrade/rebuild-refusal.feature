@scenario-9.1 @AQ-050 @openclaw
Feature: A rebuild that cannot keep everything is refused, and the owner loses nothing
  Something stands in the way of a rebuild before anything is deleted. Then the rebuild ends without success, the owner reads that
  nothing was lost, and sandbox, registry, policy and backups are what they were. Where NemoClaw finds a way past the obstacle,
  the rebuild is made and keeps everything.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-050: obstacles are staged one after the other, a rebuild runs against each, and
  all that the owner had is verified.

  Background:
    Given a sandbox "archive" that was onboarded from the manifest "openclaw-nvidia-custom-policies-rebuild"
    And the owner keeps files in the sandbox and applies the manifest's policy presets
    And the sandbox is registered with version "0.0.1"
    And the owner has backed up all sandboxes

  Rule: An obstacle costs the owner the rebuild, and nothing else

    Scenario: One obstacle after the other stands in the way of a rebuild
      When the owner rebuilds the sandbox without the provider's credential
      Then the rebuild is refused, names the missing credential, and deletes nothing
      When the owner rebuilds the sandbox while the directory for backups cannot be written
      Then the rebuild is refused, and the sandbox still runs with its marker file
      When the owner rebuilds the sandbox despite an unreadable file
      Then an unreadable file costs the owner nothing of the sandbox
      And the owner reads what an unreadable file did to the rebuild
      And an unreadable file leaves no backup that lacks something
      When the owner rebuilds the sandbox despite an unreadable directory
      Then an unreadable directory costs the owner nothing of the sandbox
      And the owner reads what an unreadable directory did to the rebuild
      And an unreadable directory leaves no backup that lacks something
      When the owner rebuilds the sandbox despite an archive that breaks off
      Then an archive that breaks off costs the owner nothing of the sandbox
      And the owner reads what an archive that breaks off did to the rebuild
      And an archive that breaks off leaves no backup that lacks something
      When the owner rebuilds the sandbox despite an archive that silently ends too early
      Then an archive that silently ends too early costs the owner nothing of the sandbox
      And the owner reads what an archive that silently ends too early did to the rebuild
      And an archive that silently ends too early leaves no backup that lacks something
      When the owner rebuilds the sandbox despite a full disk
      Then a full disk costs the owner nothing of the sandbox
      And the owner reads what a full disk did to the rebuild
      And a full disk leaves no backup that lacks something
      When the owner rebuilds the sandbox despite a base image that cannot be built
      Then a base image that cannot be built costs the owner nothing of the sandbox
      And the owner reads what a base image that cannot be built did to the rebuild
      And a base image that cannot be built leaves no backup that lacks something
      When the owner rebuilds the sandbox despite a delete that fails
      Then a delete that fails costs the owner nothing of the sandbox
      And the owner reads what a delete that fails did to the rebuild
      And a delete that fails leaves no backup that lacks something
      When the owner rebuilds the sandbox despite a delete that is accepted and not made
      Then a delete that is accepted and not made costs the owner nothing of the sandbox
      And the owner reads what a delete that is accepted and not made did to the rebuild
      And a delete that is accepted and not made leaves no backup that lacks something
      When the owner rebuilds the sandbox despite a gateway that does not run
      Then a gateway that does not run costs the owner nothing of the sandbox
      And the owner reads what a gateway that does not run did to the rebuild
      And a gateway that does not run leaves no backup that lacks something
      When the sandbox's container is removed by hand, and the owner asks for its status and connects
      Then the registry still has the entry of the lost sandbox
      When the owner rebuilds the lost sandbox, and goes the way back
      Then the lost sandbox is back, with what its newest backup had
