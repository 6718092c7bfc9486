import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { AssertionContext } from '../evidence/assertion';
import { jsonOf } from '../json';
import { textOf } from '../sut/host-cli';
import type { Sandbox } from '../sut/sandbox';
import type { Phase9World } from '../world/world';

const completionSchema = z.looseObject({
  choices: z.array(z.looseObject({ message: z.looseObject({ content: z.string() }) })).min(1),
});
const modelsSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });

/** The answer of `inference.local` to a request from inside the sandbox. */
async function ask(a: AssertionContext, sandbox: Sandbox, path: string, body?: object): Promise<string> {
  const post = body ? ['-H', 'content-type: application/json', '--data-binary', '@-'] : [];
  const argv = ['curl', '-sS', '--max-time', '20', ...post, `https://inference.local/v1/${path}`];
  const call = await sandbox.exec(argv, body && JSON.stringify(body));
  const { stdout, stderr } = a.see(call);
  return textOf(stdout) || textOf(stderr);
}

/** A completion asked for inside the sandbox is the staged endpoint's, and reached it with the provider's credential. */
export async function completionIsAnswered(a: AssertionContext, world: Phase9World): Promise<void> {
  await answered(a, world, world.sandbox(), world.get('endpoint').model);
}

/** The same, of any sandbox, and for the model that it uses. */
export async function answered(
  a: AssertionContext,
  world: Phase9World,
  sandbox: Sandbox,
  model: string,
): Promise<void> {
  const endpoint = world.get('endpoint');
  const prompt = `phase9 prompt ${randomBytes(8).toString('hex')}`;
  const from = endpoint.count;
  const text = await ask(a, sandbox, 'chat/completions', {
    model,
    messages: [{ role: 'user', content: prompt }],
  });
  const answer = completionSchema.safeParse(jsonOf(text));
  a.equals(
    'content of the completion',
    answer.success ? answer.data.choices[0]?.message.content : text,
    endpoint.answer,
  );
  const ours = a.see(endpoint.log(from)).filter((request) => request.prompt === prompt);
  a.equals('requests with this prompt in the endpoint’s log', ours.length, 1);
  a.equals('the credential that it carried', ours[0]?.credential ?? 'no request', 'the provider’s');
  a.equals('the model that it named', ours[0]?.model ?? 'no model', model);
}

/** The models listed inside the sandbox are the staged endpoint's. */
async function modelsAreListed(a: AssertionContext, world: Phase9World): Promise<void> {
  const endpoint = world.get('endpoint');
  const text = await ask(a, world.sandbox(), 'models');
  const models = modelsSchema.safeParse(jsonOf(text));
  a.equals('models listed', models.success ? models.data.data.map(({ id }) => id) : text, [endpoint.model]);
}

/** Both: the models are listed, and a completion is answered. */
export async function modelsAndCompletion(a: AssertionContext, world: Phase9World): Promise<void> {
  await modelsAreListed(a, world);
  await completionIsAnswered(a, world);
}
