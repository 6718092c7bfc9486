import { z } from 'zod';
import type { AssertionContext } from '../evidence/assertion';
import { jsonOf } from '../json';
import type { Answers } from '../staging/sandbox-truth';
import { agentFacts } from '../sut/agents';
import { textOf } from '../sut/host-cli';
import { agentLineIn, isHonest, versionsIn } from '../sut/told-version';
import type { Phase9World } from '../world/world';
import { printed } from './command';
import { nothingChanged } from './sandbox-look';

/** Answers to the questions that the scenario asked; a comparison fails where nobody asked. */
function asked(a: AssertionContext, world: Phase9World): readonly Answers[] {
  const answers = world.getIfSet('answers') ?? [];
  a.isNotEmpty(
    'situations in which the owner asked',
    answers.map(({ when }) => when),
  );
  return answers;
}

/** A status names the version that runs inside and no other, or admits that it does not know. */
export function namesVersionInside(
  a: AssertionContext,
  world: Phase9World,
  status: string,
  inside: string,
  when = '',
): void {
  const line = agentLineIn(status);
  const honest = line !== null && isHonest(line, inside, world.profile.release.phrases.notKnown);
  const what = `what the status says of the agent${when && ` (${when})`}`;
  a.that(
    what,
    line ?? `no line about the agent in: ${status}`,
    `v${inside} and no other version, or that it is not known`,
    honest,
  );
}

/** Every status tells what runs inside; of a running sandbox it advises a rebuild only where the agent is stale. */
export function statusTellsTruth(a: AssertionContext, world: Phase9World): void {
  const rebuild = `nemoclaw ${world.get('sandbox')} rebuild`;
  for (const { when, running, inside, status } of asked(a, world)) {
    const text = printed(a, status);
    const version = a.see(inside);
    namesVersionInside(a, world, text, version, when);
    if (!running) continue;
    a.equals(`exit status of the status (${when})`, a.see(status).exit, 0);
    const stale = version !== world.get('expectedVersion');
    const advised = text.includes(rebuild);
    const told = versionsIn(agentLineIn(text) ?? '').includes(version);
    if (told || !stale) a.equals(`whether the status advises \`${rebuild}\` (${when})`, advised, stale);
  }
}

/** Who connects to a running sandbox with a stale agent reads its version and how to rebuild it; with a current one reads no such thing. */
export function connectTellsTruth(a: AssertionContext, world: Phase9World): void {
  const { notKnown } = world.profile.release.phrases;
  const rebuild = `nemoclaw ${world.get('sandbox')} rebuild`;
  for (const { when, inside, connect } of asked(a, world).filter(({ running }) => running)) {
    const text = printed(a, connect);
    const version = a.see(inside);
    if (version === world.get('expectedVersion')) {
      a.equals(`whether connect advises \`${rebuild}\` (${when})`, text.includes(rebuild), false);
    } else if (!notKnown.test(text)) {
      a.includes(`versions that connect names (${when})`, versionsIn(text), version);
      a.includes(`what connect prints (${when})`, text, rebuild);
    }
  }
}

/**
 * What a rebuild says of the sandbox before it deletes it: the agent's current version is the one that ran inside, or admitted not to be known, and no
 * line about the agent has a version that neither ran inside nor is expected.
 */
export function rebuildTellsTruth(a: AssertionContext, world: Phase9World): void {
  const { phrases } = world.profile.release;
  const [inside, expected] = [world.get('oldVersion'), world.get('expectedVersion')];
  const lines = textOf(a.see(world.get('outcome')).stdout).split('\n');
  const deletion = lines.findIndex((line) => phrases.deletes.test(line));
  const said = lines.slice(0, Math.max(deletion, 0)).filter((line) => line.trim() !== '');
  a.atLeast('lines before the deletion', said.length, 1);
  const { displayName } = agentFacts[world.get('agent')];
  const about = said.filter((line) => line.includes(displayName));
  const others = about.filter((line) => versionsIn(line).some((one) => one !== inside && one !== expected));
  a.isEmpty('lines about the agent with a version that is neither inside nor expected', others);
  const current = said.filter((line) => /\bcurrent(?:ly)?\b/i.test(line) && versionsIn(line).length > 0);
  const wrong = current.filter((line) => !isHonest(line, inside, phrases.notKnown));
  a.isEmpty('lines that call another version than the one inside the current one', wrong);
}

const listSchema = z.looseObject({
  sandboxes: z.array(z.looseObject({ name: z.string(), agentVersion: z.string().nullish() })),
});

/** No list, in words or as JSON, claims another version of the agent than the one inside. */
export function listTellsTruth(a: AssertionContext, world: Phase9World): void {
  const name = world.get('sandbox');
  const { notKnown } = world.profile.release.phrases;
  const versions = [world.get('oldVersion'), world.get('expectedVersion')];
  for (const { when, running, inside, list, json } of asked(a, world)) {
    const version = a.see(inside);
    const text = textOf(a.see(list).stdout);
    const claimed = versionsIn(text).filter((one) => versions.includes(one) && one !== version);
    if (!notKnown.test(text)) a.isEmpty(`other versions that the list claims (${when})`, claimed);
    const parsed = listSchema.safeParse(jsonOf(textOf(a.see(json).stdout)));
    const own = parsed.data?.sandboxes.find((one) => one.name === name);
    a.equals(`name in the list as JSON (${when})`, own?.name ?? 'not listed', name);
    a.oneOf(
      `agentVersion in the list as JSON (${when})`,
      own?.agentVersion ?? null,
      running ? [version, null] : [null],
    );
  }
}

/** No question changed registry, session, container or live policy. */
export function questionsChangeNothing(a: AssertionContext, world: Phase9World): void {
  const name = world.get('sandbox');
  for (const { when, inside, looks } of asked(a, world)) {
    nothingChanged(a, when, looks, { [name]: a.see(inside) }, world.profile.release);
  }
}
