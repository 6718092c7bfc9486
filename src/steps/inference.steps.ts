import { randomBytes } from 'node:crypto';
import { Then } from '@cucumber/cucumber';
import { z } from 'zod';
import { textOf } from '../sut/host-cli';
import { assertion } from '../world/step-registry';

const completionSchema = z.looseObject({
  choices: z.array(z.looseObject({ message: z.looseObject({ content: z.string() }) })).min(1),
});

Then(
  'an inference request from inside the sandbox is answered by the staged endpoint',
  assertion('rebuild.{agent}.inference-works', async (a, world) => {
    const endpoint = world.fact('endpoint');
    const prompt = `phase9 prompt ${randomBytes(8).toString('hex')}`;
    const body = JSON.stringify({ model: endpoint.model, messages: [{ role: 'user', content: prompt }] });
    const from = endpoint.count;
    const call = await world
      .sandbox()
      .exec(
        [
          'curl',
          '-sS',
          '--max-time',
          '20',
          '-H',
          'content-type: application/json',
          '--data-binary',
          '@-',
          'https://inference.local/v1/chat/completions',
        ],
        body,
      );
    const text = textOf(a.see(call).stdout);
    const answer = completionSchema.safeParse(jsonOf(text));
    a.equal(
      'content of the completion',
      answer.success ? answer.data.choices[0]?.message.content : text,
      endpoint.answer,
    );
    const ours = a.see(endpoint.log(from)).filter((request) => request.prompt === prompt);
    a.that('requests with this prompt in the endpoint’s log', ours.length, 'one', ours.length === 1);
    a.equal('the credential that it carried', ours[0]?.credential ?? 'no request', 'the provider’s');
  }),
);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
