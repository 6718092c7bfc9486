@scenario-9.1 @scenario-9.3 @AQ-053
Feature: Overrides change the one start they are given to, and no default
  An operator starts a sandbox image with another model, other limits or another origin for browsers. That sandbox has
  them, and its agent works with them; a wrong value is refused or left out entirely, with a reason; and the next sandbox
  starts as if no override had ever been given. The start writes as root, but never where a link of the agent's leads.

  Carries out Scenario 9.1, step 1 ("stage … runtime fixtures") and step 2 ("run … runtime edge actions"), Scenario 9.3,
  step 2 ("run hermetic assertions"), and the required assertion "Runtime overrides affect setup/runtime without
  polluting defaults", for AQ-053. Setup-specific: no product manifest, no gateway, no network; each start is a
  container of its own.

  Background:
    Given a sandbox image made from what NemoClaw ships

  @smoke
  Scenario: The operator starts many sandboxes from one image, each with other overrides
    Given a first sandbox that was started from the image without overrides
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

  Scenario: The agent works with the model that it was given at the start
    When the operator starts a sandbox with these overrides, and lets its agent list its models and take a turn:
      | setting                 | value                   |
      | model                   | inference/another-model |
      | context window          | 32768                   |
      | maximum response length | 8192                    |
    Then every place in the configuration that names a model names the given one
    And the agent lists that model alone, as its default, and as available
    And the agent takes a turn with that model
    And the agent asks for no longer response than was given
    And the agent counts with the context window that was given

  Scenario: The operator starts sandboxes again
    Given a first sandbox that was started from the image without overrides
    When the operator starts a sandbox whose state is kept, with these overrides:
      | setting                 | value              |
      | model                   | phase9/first-model |
      | inference API           | anthropic-messages |
      | context window          | 32768              |
      | maximum response length | 16384              |
      | reasoning               | true               |
      | browser origin          | a web address      |
    And the operator starts both sandboxes again
    And the operator starts another sandbox on the kept state, with other overrides:
      | setting                 | value               |
      | model                   | phase9/later-model  |
      | inference API           | openai-completions  |
      | context window          | 65536               |
      | maximum response length | 1                   |
      | reasoning               | false               |
      | browser origin          | another web address |
    And the operator starts another sandbox on the kept state, without overrides
    Then the sandbox without overrides has the same configuration after each start
    And the sandbox with overrides has each of them after each start, and once
    And the later overrides take effect, and no place names the earlier model
    And the sandbox without overrides on the kept state has the later ones or the image's own values, never a mixture

  Scenario: The agent has put a link where the start script writes as root
    When in each of these sandboxes the agent puts a link, and the operator starts the sandbox again:
      | what              | leads to                        | setting        | value                |
      | the configuration | a file of root                  | model          | phase9/another-model |
      | the configuration | a configuration of root         | browser origin | a web address        |
      | the configuration | a place of root without a file  | model          | phase9/another-model |
      | the configuration | another link, to a file of root | model          | phase9/another-model |
      | the configuration | a configuration of root         | none           | none                 |
      | its hash          | a file of root                  | model          | phase9/another-model |
      | its hash          | a hash of root                  | browser origin | a web address        |
      | its hash          | a place of root without a file  | inference API  | anthropic-messages   |
      | their directory   | a directory of root             | model          | phase9/another-model |
      | their directory   | a directory of root             | browser origin | a web address        |
    Then each start with an override is refused with a reason, before the sandbox's command runs
    And no file of root was changed or made
