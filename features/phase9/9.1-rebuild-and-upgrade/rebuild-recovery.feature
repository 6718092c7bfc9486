@scenario-9.1 @AQ-050 @openclaw
Feature: A rebuild that fails halfway leaves a whole backup, and a way back that works
  The old sandbox is gone, and the new one cannot be made or filled. Then everything is in the backup, the owner reads which
  commands bring the sandbox back, and these commands work.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-050: rebuilds are ended behind the delete, the commands that the owner reads are
  run, and all that the owner had is verified.

  Background:
    Given a sandbox "archive" that was onboarded from the manifest "openclaw-nvidia-custom-policies-rebuild"
    And the owner keeps files in the sandbox and applies the manifest's policy presets

  Rule: A rebuild that ended halfway can be brought to its end

    Scenario: One thing after the other ends a rebuild whose old sandbox is gone
      When an image that cannot be built ends the rebuild of the sandbox
      Then the backup from before an image that cannot be built has everything
      And the owner reads the way back from an image that cannot be built
      When the owner goes the way back from an image that cannot be built
      Then an image that cannot be built has cost the owner nothing in the end
      When a sandbox that cannot start ends the rebuild of the sandbox
      Then the backup from before a sandbox that cannot start has everything
      And the owner reads the way back from a sandbox that cannot start
      When the owner goes the way back from a sandbox that cannot start
      Then a sandbox that cannot start has cost the owner nothing in the end
      When a restore that breaks off ends the rebuild of the sandbox
      Then the backup from before a restore that breaks off has everything
      And the owner reads the way back from a restore that breaks off
      When the owner goes the way back from a restore that breaks off
      Then a restore that breaks off has cost the owner nothing in the end
      When a kill right after the delete ends the rebuild of the sandbox
      Then the backup from before a kill right after the delete has everything
      And the owner reads the way back from a kill right after the delete
      When the owner goes the way back from a kill right after the delete
      Then a kill right after the delete has cost the owner nothing in the end
      When a kill while the new sandbox starts ends the rebuild of the sandbox
      And the owner rebuilds the sandbox again
      Then the second rebuild ends what the first one began
      When the owner onboards the sandbox once more, to be made anew
      Then the owner's files are in the sandbox that was made anew
