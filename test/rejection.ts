/** The message with which `attempt` fails. @throws when it does not. */
export async function rejection(attempt: () => unknown): Promise<string> {
  let result: unknown;
  try {
    result = await attempt();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error(`expected a failure, got ${JSON.stringify(result)}`);
}
