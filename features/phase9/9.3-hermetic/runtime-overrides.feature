@scenario-9.1 @scenario-9.3 @AQ-053
Feature: Overrides change the one start they are given to, and no default
  An operator starts a sandbox image with another model, other limits or another origin for browsers. That sandbox has them; a
  wrong value is refused or left out whole, with a reason; and the next sandbox is as if nobody had ever asked for anything.

  Carries out Scenario 9.1, step 1 ("stage … runtime fixtures") and step 2 ("run … runtime edge actions"), Scenario 9.3,
  step 2 ("run hermetic assertions"), and the required assertion "Runtime overrides affect setup/runtime without polluting
  defaults", for AQ-053. Setup-specific: no product manifest, no gateway, no network; each start is a container of its own.

  @smoke
  Scenario: The operator starts many sandboxes from one image, each with other overrides
    Given a sandbox image made from what NemoClaw ships
    And a first sandbox that was started from it without overrides
    When the operator starts sandboxes from it, each with other overrides that NemoClaw accepts
    And the operator starts sandboxes from it, each with another override that is wrong
    And the operator starts a last sandbox from it without overrides
    Then the hash of the first sandbox is true of its configuration
    And a sandbox with another model uses that model
    And its hash was made anew and is true of its configuration
    And a context window that comes with a model holds
    And a context window that comes alone changes nothing
    And a longest answer that comes with a model holds
    And reasoning that comes with a model is switched on
    And an origin for browsers is added to those that the image allows
    And all five together hold, in a configuration that OpenClaw accepts
    And a model with a control character is refused: the sandbox ends before its command, and says why
    And a context window that is no positive integer is left out, and the sandbox says why
    And a longest answer that is no positive integer is left out, and the sandbox says why
    And reasoning that is neither true nor false is left out, and the sandbox says why
    And an origin that is no web address is left out, and the sandbox says why
    And an inference API that does not exist is left out, and the sandbox names those that do
    And after each wrong override the configuration is as in the first sandbox, to the last byte
    And the last sandbox is as the first, and the image is the same
