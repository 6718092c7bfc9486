@scenario-9.1 @scenario-9.3 @AQ-053
Feature: Overrides change the one start they are given to, and no default
  An operator starts a sandbox image with another model, other limits or another origin for browsers. That sandbox has
  them; a wrong value is refused or left out entirely, with a reason; and the next sandbox starts as if no override had
  ever been given.

  Carries out Scenario 9.1, step 1 ("stage … runtime fixtures") and step 2 ("run … runtime edge actions"), Scenario 9.3,
  step 2 ("run hermetic assertions"), and the required assertion "Runtime overrides affect setup/runtime without
  polluting defaults", for AQ-053. Setup-specific: no product manifest, no gateway, no network; each start is a
  container of its own.

  @smoke
  Scenario: The operator starts many sandboxes from one image, each with other overrides
    Given a sandbox image made from what NemoClaw ships
    And a first sandbox that was started from the image without overrides
    When the operator starts a sandbox with each of these overrides, and one with all of them:
      | setting                 | value                | given                  |
      | model                   | phase9/another-model | alone                  |
      | context window          | 32768                | with the model         |
      | context window          | 32768                | alone                  |
      | maximum response length | 16384                | with the model         |
      | reasoning               | true                 | with the model         |
      | browser origin          | a web address        | alone                  |
      | inference API           | openai-completions   | with the model         |
      | inference API           | anthropic-messages   | alone                  |
      | context window          | 65536                | with the inference API |
    And the operator starts a sandbox with a value of 256 characters for each of these, and one with a character more:
      | setting        |
      | model          |
      | browser origin |
    And the operator starts a sandbox with each of these wrong values:
      | setting                 | wrong values                                        | given          |
      | model                   | a name with a tab, a name with SOH, a name with DEL | alone          |
      | browser origin          | an address with a tab, an address with DEL          | alone          |
      | context window          | notanumber, 0, -5, 1.5, 032768                      | with the model |
      | maximum response length | notanumber, 0, -5, 1.5, 032768                      | with the model |
      | reasoning               | maybe, True, yes, 1                                 | with the model |
      | browser origin          | an ftp address, an httpx address, a host name alone | alone          |
      | inference API           | graphql, openai-responses                           | with the model |
    And the operator starts a sandbox with all of them, each time with one of the wrong values
    And the operator starts a sandbox with each of these values of two lines:
      | setting                 | value                | second line         | given          |
      | model                   | phase9/another-model | phase9/third-model  | alone          |
      | context window          | 32768                | notanumber          | with the model |
      | maximum response length | 16384                | 8192                | with the model |
      | reasoning               | true                 | false               | with the model |
      | browser origin          | a web address        | another web address | alone          |
      | browser origin          | an ftp address       | a web address       | alone          |
      | inference API           | anthropic-messages   | graphql             | with the model |
    And the operator starts a last sandbox from the image without overrides
    Then the configuration hash of the first sandbox matches its configuration
    And the model takes effect
    And the configuration hash of the sandbox with the model is new, and matches
    And the context window given with the model takes effect
    And the context window given alone changes nothing
    And the maximum response length given with the model takes effect
    And reasoning given with the model takes effect
    And the browser origin is added to those that the image allows
    And every inference API that is accepted takes effect
    And the context window given with the inference API takes effect
    And nothing changes but what the operator gave
    And the longest model takes effect
    And the longest browser origin takes effect
    And all of them together take effect, in a configuration that OpenClaw accepts
    And a model with a control character is refused with a reason, before the sandbox's command runs
    And a browser origin with a control character is refused with a reason, before the sandbox's command runs
    And a longer model is refused with a reason, and changes nothing
    And a longer browser origin is refused with a reason, and changes nothing
    And a context window that is no positive integer is left out, with a reason
    And a maximum response length that is no positive integer is left out, with a reason
    And reasoning with an invalid value is left out, with a reason
    And a browser origin that is no web address is left out, with a reason
    And an inference API with an invalid value is left out, with a reason
    And after each wrong value the configuration is the first sandbox's, byte for byte
    And a wrong value among right ones leaves out what belongs to it, and no more
    And a refused value among right ones ends the start, and changes nothing
    And a value of two lines is taken as one value, or not at all
    And the last sandbox equals the first, and the image is unchanged
