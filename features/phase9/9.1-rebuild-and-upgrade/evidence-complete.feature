@scenario-9.1 @scenario-9.3 @audit @no-engine
Feature: A row is evidence-complete only when every piece of its evidence is there
  An auditor judges the evidence of an earlier complete run. Then the auditor judges it again without one piece, for every
  piece.

  Carries out step 3 of Scenario 9.1 ("verify rows evidence-complete only when artifacts include passing … assertions") and of
  Scenario 9.3 ("… cleanup restore, stable assertion IDs") for all rows.

  Background:
    Given the evidence of an earlier complete run

  Scenario: The auditor finds everything there
    When the auditor judges the evidence
    Then every row is evidence-complete for the system that the evidence is about, and for no other

  Scenario Outline: A missing <piece> is noticed
    When the auditor judges the evidence once for each <piece>, with that one removed
    Then each time the row is unresolved, and the missing piece is named

    Examples:
      | piece               |
      | record              |
      | record's file       |
      | variant of a record |
