@scenario-9.1 @scenario-9.3 @audit @no-engine
Feature: A row is evidence-complete only when every piece of its evidence is there
  An auditor judges the evidence of an earlier complete run, and then of that run with one piece taken away, for every piece
  that there is.

  Carries out step 3 of Scenario 9.1 ("verify rows evidence-complete only when artifacts include passing … assertions") and of
  Scenario 9.3 ("… cleanup restore, stable assertion IDs") for all rows.

  Background:
    Given the evidence of an earlier complete run

  Scenario: The auditor finds everything there
    When the auditor judges the evidence
    Then every row is evidence-complete for the system that the evidence is about, and for no other

  Scenario: One record after the other is taken away
    When the auditor judges the evidence again and again, each time without another record
    Then each time the row is unresolved, and what is missing is named

  Scenario: One record's file after the other is taken away
    When the auditor judges the evidence again and again, each time without another record's file
    Then each time the row is unresolved, and what is missing is named

  Scenario: One variant after the other is taken away
    When the auditor judges the evidence again and again, each time without another variant of a record
    Then each time the row is unresolved, and what is missing is named
