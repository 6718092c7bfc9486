@scenario-9.1 @scenario-9.3 @AQ-056 @openclaw
Feature: A plugin is replaced by one from another device, whole or not at all
  An owner replaces an installed plugin by a newer version, dependencies included, which lies in shared memory. The
  agent cannot simply rename files across devices; the owner notices nothing of that, even when a replacement is killed
  and repeated.

  Carries out Scenario 9.1, step 2 ("run … runtime edge actions"), and Scenario 9.3 ("EXDEV repro source/destination
  behavior pass without requiring product manifests"), step 1 ("stage … policy mutation, EXDEV fixtures") and step 3
  ("EXDEV fix evidence, cleanup restore"), for AQ-056. It applies to any instance, so no product manifest is read.

  Background:
    Given a sandbox "workshop" that was onboarded while the policies opened shared memory
    And a sandbox made under the original policies cannot write to shared memory
    And two installed plugins, and newer versions of one of them in shared memory

  Rule: The owner notices nothing of the devices

    Scenario: The owner replaces a plugin by newer versions from another device
      Given the newer version and the installed plugins lie on different devices
      And a plain rename from one to the other fails for that reason
      When the owner has the agent replace the plugin by the newer version
      Then the replacement succeeds: the installed plugin is the newer version, file by file
      And the agent reports no error about devices
      When the replacement by the newest version is killed halfway, and repeated
      Then the installed plugin is the newest version, without leftovers, beside the unchanged other plugin
      And after the scenario, the policies are unchanged
