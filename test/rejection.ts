import { reasonOf } from '../src/reason';

/** The message with which `attempt` fails. @throws when it succeeds. */
export async function rejection(attempt: () => unknown): Promise<string> {
  let result: unknown;
  try {
    result = await attempt();
  } catch (error) {
    return reasonOf(error);
  }
  throw new Error(`expected a failure, got ${JSON.stringify(result)}`);
}
