@scenario-9.1 @AQ-050 @hermes
Feature: Rebuilding a Hermes sandbox keeps what its owner put there
  An owner whose old Hermes talks on Discord rebuilds the sandbox. Memories and messaging are as before, and the owner does
  not have to enter the Discord token again.

  Carries out Scenario 9.1, steps 1 and 2, for AQ-050: an old Hermes image and old registry and session state are staged; the
  rebuild runs; marker, messaging, backup and agent version are verified.

  Background:
    Given a sandbox "archive" that was onboarded from the manifest "hermes-nvidia-discord-rebuild"
    And a base image of an agent older than the one NemoClaw expects

  Rule: A rebuild changes the agent and nothing else

    Scenario: The owner rebuilds a sandbox that runs an old Hermes on Discord
      Given the sandbox is made from that image and registered with its version
      And the owner keeps a marker file and credentials in the sandbox
      And the owner keeps files in every place of the agent's state
      And the owner configures the sandbox for the manifest's messaging channels
      And the owner applies the presets of the manifest and of its messaging channels to the sandbox
      And the sandbox's registry entry contains a policy tier, a reasoning effort and settings of the owner's own
      And the auditor notes how the sandbox is set up
      And the owner has settings that no image has
      And the sandbox's environment file and configuration name Discord
      And the sandbox runs the old agent
      When the owner rebuilds the sandbox
      Then the rebuild succeeds
      And the agent runs inside the sandbox
      And the agent reports that it is healthy
      And the agent accepts its configuration, with the staged model in it
      And the new container has the marker file as its owner wrote it
      And nothing is left of the old container
      And the sandbox has everything that the owner kept in the agent's state, unchanged
      And the owner can still change all of it
      And the new backup has all of it
      And the sandbox runs the agent that NemoClaw expects
      And the environment file contains the placeholder for the Discord token
      And the environment file limits Discord to the server and the user of before
      And the Discord configuration is unchanged, key by key
      And the registry still lists the messaging channels
      And the registry names the version that runs inside the sandbox
      And the live policy allows the same network access as before, field by field
      And the live policy confines files, user and kernel access as before
      And registry, gateway, session and policy list show the owner's presets, and no others
      And the registry entry is as before, apart from what a rebuild renews
      And the registry entry still contains the owner's tier, effort and settings
      And the session still names the owner's choices
      And the gateway has the same providers, and the sandbox the same credentials, as before
      And no credential of the gateway has come into the sandbox
      And the staged endpoint answers an inference request from inside the sandbox
      And the agent answers its owner with what the staged endpoint says
      And the new backup contains no credential
      And the new backup has what stands beside the credentials, unless the owner was warned before the deletion
      And nobody but the owner can read the new backup
      And the agent's configuration still has the owner's settings, unless the owner was warned before the deletion
      And the environment file still has the owner's lines, unless the owner was warned before the deletion
      When the owner links files from outside into the agent's state, and backs up all sandboxes
      Then no backup contains what the links lead to

  Rule: A rebuild trusts no cached base image, and switches nothing on

    Scenario: The cached base image is still the old one, and the owner has switched Discord off
      Given the sandbox is made from that image and registered with its version
      And the owner configures the sandbox for the manifest's messaging channels
      And the owner switches the messaging channel Discord off
      And NemoClaw's cached base image is the old one
      When the owner rebuilds the sandbox
      Then the sandbox runs the expected agent, not the one of the cached image
      And the channel stays off: the sandbox gets no token for it, and the registry still has it as set up and switched off
