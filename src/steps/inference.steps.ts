import { Then } from '@cucumber/cucumber';
import { completionIsAnswered, modelsAndCompletion } from '../checks/inference';
import { assertion } from '../world/step-registry';

Then(
  'the staged endpoint answers an inference request from inside the sandbox',
  assertion('rebuild.{agent}.inference-works', completionIsAnswered),
);

Then(
  'the sandbox lists the staged model, and the staged endpoint answers its inference request',
  assertion('suite.rebuild.inference_still_works', modelsAndCompletion),
);
