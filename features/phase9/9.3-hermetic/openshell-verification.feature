@scenario-9.3 @AQ-051 @no-engine
Feature: The installer refuses what it cannot verify
  An operator runs the installer, and a download comes without a checksum, with a useless one, or with contents that nobody
  asked for. The installer refuses it with a reason, and the programs of the machine stay as they were.

  Carries out Scenario 9.3, step 1 ("stage installer asset … fixtures") and step 2 ("run hermetic assertions"), with the
  required fixture "macOS hermetic installer asset fixtures", for AQ-051. Installer-only: there is no product manifest, no
  engine, no network and no Mac; the installer runs on a staged machine and can write nowhere else.

  Rule: A verification that cannot be made is a refusal

    Scenario: A download for a Linux machine cannot be verified
      Given a Linux machine whose OpenShell and helpers are newer than NemoClaw supports
      And a release host that offers the pinned OpenShell and a newer one
      And the operator is signed in to the release host
      When the operator runs the installer once per needed download with each of these faults:
        | its checksum file is missing                               |
        | its checksum file is empty                                 |
        | its checksum file lists only other archives                |
        | its checksum file lists it twice, the right checksum first |
        | its checksum file lists it twice, the right checksum last  |
        | its checksum is cut short                                  |
        | its checksum is left out                                   |
        | a web page stands in place of its checksum file            |
        | a web page stands in place of the archive                  |
        | the archive ends half way                                  |
        | the machine has no checksum tool                           |
        | the checksum tool of the machine fails                     |
      Then the installer refuses every unverifiable download, and the Linux machine stays as it was
      And each refusal to the Linux machine names the download

    Scenario: A download for a Mac cannot be verified
      Given a Mac with Apple silicon that has the pinned OpenShell without its gateway
      And a release host that offers the pinned OpenShell and a newer one
      When the operator runs the installer once per needed download with each of these faults:
        | its checksum file is missing                               |
        | its checksum file is empty                                 |
        | its checksum file lists only other archives                |
        | its checksum file lists it twice, the right checksum first |
        | its checksum file lists it twice, the right checksum last  |
        | its checksum is cut short                                  |
        | its checksum is left out                                   |
        | a web page stands in place of its checksum file            |
        | a web page stands in place of the archive                  |
        | the archive ends half way                                  |
        | the machine has no checksum tool                           |
        | the checksum tool of the machine fails                     |
      Then the installer refuses every unverifiable download, and the Mac stays as it was
      And each refusal to the Mac names the download

  Rule: An archive contains one program, its own, and nothing else

    Scenario: An archive for a Linux machine contains something else
      Given a Linux machine whose OpenShell and helpers are newer than NemoClaw supports
      And a release host that offers the pinned OpenShell and a newer one
      And the operator is signed in to the release host
      When the operator runs the installer once per needed archive with each of these contents, checksum and all:
        | another program                                         |
        | another program beside its own                          |
        | its own program twice                                   |
        | no program                                              |
        | a symbolic link to a file of the owner                  |
        | a hard link to another download                         |
        | a directory of the program’s name                       |
        | its own program, and one for an absolute path           |
        | its own program, and one for a path that leads upwards  |
      Then the installer refuses every wrong archive, and the Linux machine stays as it was

    Scenario: An archive for a Mac contains something else
      Given a Mac with Apple silicon that has the pinned OpenShell without its gateway
      And a release host that offers the pinned OpenShell and a newer one
      When the operator runs the installer once per needed archive with each of these contents, checksum and all:
        | another program                                         |
        | another program beside its own                          |
        | its own program twice                                   |
        | no program                                              |
        | a symbolic link to a file of the owner                  |
        | a hard link to another download                         |
        | a directory of the program’s name                       |
        | its own program, and one for an absolute path           |
        | its own program, and one for a path that leads upwards  |
      Then the installer refuses every wrong archive, and the Mac stays as it was
