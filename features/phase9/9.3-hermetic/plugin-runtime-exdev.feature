@scenario-9.1 @scenario-9.3 @AQ-056 @openclaw
Feature: A plugin is replaced by one from another device, whole or not at all
  An owner gives an installed plugin a newer version, dependencies and all, that lies in shared memory. The agent cannot just
  rename what lies on another device; the owner notices nothing of that, also when a replacement is cut off and made again.

  Carries out Scenario 9.1, step 2 ("run … runtime edge actions"), and Scenario 9.3 ("EXDEV repro source/destination behavior
  pass without requiring product manifests"), step 1 ("stage … policy mutation, EXDEV fixtures") and step 3 ("EXDEV fix evidence,
  cleanup restore"), for AQ-056. It holds for any instance, so no product manifest is read.

  Background:
    Given a sandbox "workshop" that was onboarded while the policies opened shared memory
    And a sandbox made under the policies as they were is refused shared memory
    And versions of a plugin in shared memory, the oldest of which is installed beside another plugin

  Rule: The owner notices nothing of the devices

    Scenario: The owner replaces a plugin by newer versions from another device
      Given the plugin's source and the place of the installed one lie on different devices
      And a plain rename from the one to the other fails because of that
      When the owner has the agent replace the plugin by the newer version
      Then the replacement succeeds, and the installed plugin is the newer version, file by file
      And the agent says nothing of devices
      When the replacement by the newest version is killed half way, and made again
      Then the installed plugin is the newest version, nothing half-made stays, and the other plugin is untouched
      And in the end the policies are as they were
