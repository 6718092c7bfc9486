import { Then } from '@cucumber/cucumber';
import { completionIsAnswered } from '../checks/inference';
import { assertion } from '../world/step-registry';

Then(
  'an inference request from inside the sandbox is answered by the staged endpoint',
  assertion('rebuild.{agent}.inference-works', completionIsAnswered),
);
