import { Then, When } from '@cucumber/cucumber';
import { oldSandboxIsMissing } from '../checks/fresh-rebuild-stays-unresolved';
import { claimAsItIs, claimBorrowed, claimDryRun, claimRelabelled } from '../staging/fresh-rebuild-stays-unresolved';
import { action, check } from '../world/step-registry';

When(
  'a claimant submits every check that then passes as evidence for the rows about old sandboxes',
  action(claimAsItIs),
);

When('the claimant relabels it as evidence of the scenarios that start from an old sandbox', action(claimRelabelled));

When('the claimant adds an old sandbox that another scenario staged', action(claimBorrowed));

When('the claimant submits a dry run of every scenario instead', action(claimDryRun));

Then(
  'the auditor leaves every row unresolved, and names the old sandbox as missing in each',
  check(oldSandboxIsMissing),
);
