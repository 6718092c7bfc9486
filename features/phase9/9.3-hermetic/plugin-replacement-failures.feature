@scenario-9.1 @scenario-9.3 @AQ-056 @openclaw
Feature: A replacement of a plugin that fails leaves a whole one
  An owner replaces an installed plugin by a newer version, and something goes wrong: the disk is full, the directory is
  closed, the newer version is none, somebody pulls the plug. The owner still has the old plugin, and it works.

  Carries out Scenario 9.1, step 2 ("run … runtime edge actions"), and Scenario 9.3, step 2 ("run hermetic assertions"),
  for AQ-056. The plugins lie on another device than their sources. There is no product manifest: nobody onboards the
  container, and no sandbox stands around it.

  Scenario: The owner replaces a plugin in vain, and twice at once
    Given a container of an OpenClaw sandbox with two installed plugins, which lie on a small file system of their own
    When the owner has the agent replace one of them by a newer version, each time in vain because:
      | because                                              |
      | the newer version does not fit where plugins lie     |
      | nothing may be written where plugins lie             |
      | the newer version lacks its entry point              |
      | the newer version lacks its manifest                 |
      | it is killed when half of the files have landed      |
      | it is killed as soon as the installed plugin changes |
    And the owner has the agent replace it by two newer versions at once
    Then where there is no space, the old version is whole and usable
    And where nothing may be written, the old version is whole and usable
    And where the newer version is no plugin, the old version is whole and usable
    And wherever the replacement is killed, one of both versions is whole and usable
    And after two replacements at once, one of their versions is whole and usable
    And the other plugin is the same after each replacement
