/** Every version in a text, without the letter before it: 2026.5.22, 0.14.0. */
export function versionsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w.])v?(\d+\.\d+\.\d+(?:-[\w.]+)?)(?!\.?\w)/g)].map(([, version = '']) => version);
}

/** Whether a text names `inside` and no other version, or admits in one of the words of `notKnown` that it does not know. */
export function isHonest(text: string, inside: string, notKnown: RegExp): boolean {
  const named = versionsIn(text);
  return notKnown.test(text) || (named.length > 0 && named.every((version) => version === inside));
}

/** What a status says of the agent, after the label of that line; null where it has no such line. */
export function agentLineIn(status: string): string | null {
  return /^[^\S\n]*Agent:[^\S\n]*(\S.*)$/m.exec(status)?.[1]?.trim() ?? null;
}

/** What a check for stale sandboxes says of one of them. */
export type Told = { readonly stale: string } | 'version unknown' | 'not named';

/**
 * What a check for stale sandboxes says of the sandbox `name`: a line that begins with it tells from which version to which, or admits, by itself or
 * by its heading, that the version is not known.
 */
export function toldOf(check: string, name: string, notKnown: RegExp): Told {
  let heading = '';
  let told: Told = 'not named';
  for (const line of check.split('\n').map((one) => one.trim())) {
    if (line.endsWith(':')) heading = line;
    if (line.split(/\s+/)[0] !== name) continue;
    const [, from, to] = /\bv(\d\S*?)\s+(?:→|->)\s+v(\d[^\s;]*)/.exec(line) ?? [];
    if (from !== undefined) return { stale: `v${from} → v${to}` };
    if (notKnown.test(`${heading} ${line}`)) told = 'version unknown';
  }
  return told;
}
