@scenario-9.2 @AQ-050 @AQ-051 @AQ-052 @openclaw
Feature: A rebuild of a fresh sandbox proves nothing about old ones
  A claimant rebuilds a sandbox that was onboarded a moment ago and offers what was seen as evidence for the rows about old
  sandboxes. The rebuild is real and all goes well, and the auditor still does not accept it, whatever the claimant writes on it.

  Carries out Scenario 9.2: "inject fresh-only rebuild coverage claim", "run audit-coverage validation in workflow", "verify
  rejection; missing old-sandbox fixture/evidence reported", for AQ-050, AQ-051 and AQ-052.

  Background:
    Given a sandbox "fresh" that was onboarded from the manifest "openclaw-nvidia-custom-policies-rebuild"
    And the owner keeps a marker file in the sandbox
    And the owner applies the manifest's policy presets to the sandbox

  Scenario: A claimant offers the evidence of a fresh rebuild
    When the owner rebuilds the sandbox
    And a claimant submits every check that then passes as evidence for the rows about old sandboxes
    Then the auditor leaves every row unresolved, and names the old sandbox as missing in each
    When the claimant relabels it as evidence of the scenarios that start from an old sandbox
    Then the auditor leaves every row unresolved, and names the old sandbox as missing in each
    When the claimant adds an old sandbox that another scenario staged
    Then the auditor leaves every row unresolved, and names the old sandbox as missing in each
    When the claimant submits a dry run of every scenario instead
    Then the auditor leaves every row unresolved, and names the old sandbox as missing in each
