import { Then } from '@cucumber/cucumber';
import { assertion } from '../world/step-registry';
import { completionIsAnswered } from './checks/inference';

Then(
  'an inference request from inside the sandbox is answered by the staged endpoint',
  assertion('rebuild.{agent}.inference-works', completionIsAnswered),
);
