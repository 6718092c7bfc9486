import { randomBytes } from 'node:crypto';
import { agentState } from '../sut/agent-state';
import type { Phase9World } from '../world/world';
import { canary } from './canary';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** What stands beside credentials in the same file, by the file's path below the state directory. */
    besideCredentials: Readonly<Record<string, readonly string[]>>;
  }
}

/** A file that contains credentials and other things: `secret()` makes a credential, `beside()` a value that is none. */
interface Form {
  readonly name: string;
  readonly text: (secret: () => string, beside: () => string) => string;
}

/** The notations in which agents, their plugins and their owners keep credentials. */
const FORMS: readonly Form[] = [
  {
    name: 'account.json',
    text: (secret, beside) =>
      JSON.stringify(
        {
          label: beside(),
          max_tokens: Number(beside()),
          oauth: { access_token: secret(), refresh_token: secret(), id_token: secret(), client_secret: secret() },
          account: { accessToken: secret(), refreshToken: secret(), clientSecret: secret(), scope: beside() },
          profiles: [{ apiKey: secret(), model: beside() }],
          headers: { Authorization: `Bearer ${secret()}` },
        },
        null,
        2,
      ),
  },
  {
    name: 'service.yaml',
    text: (secret, beside) =>
      `# ${beside()}\napi_key: ${secret()}\nlimits:\n  max_tokens: ${beside()}\nlogin:\n  - user: ${beside()}\n    password: "${secret()}"\n`,
  },
  {
    name: '.env',
    text: (secret, beside) =>
      `# ${beside()}\nSERVICE_API_KEY=${secret()}\nexport MAILBOX_PASSWORD="${secret()}"\nMAILBOX_USER=${beside()}\nMAX_TOKENS=${beside()}\n`,
  },
  {
    // As a crash in the middle of writing leaves it, and an edit by hand.
    name: 'half-written.json',
    text: (secret, beside) =>
      `{\n  "label": "${beside()}",\n  "token": "${secret()}",,\n  limit: ${beside()},\n  "oauth": {"refresh_token": "${secret()}", "client_secret": "${secret()}`,
  },
  {
    name: 'by-hand.json5',
    text: (secret, beside) =>
      `// ${beside()}\n{\n  label: '${beside()}',\n  token: '${secret()}',\n  oauth: { access_token: "${secret()}", scope: '${beside()}' },\n}\n`,
  },
  {
    name: 'service.toml',
    text: (secret, beside) =>
      `[service]\nlabel = "${beside()}"\napi_key = "${secret()}"\nmax_tokens = ${beside()}\n\n[database]\nurl = "postgres://owner:${secret()}@db.test/${beside()}"\n`,
  },
  {
    name: 'session.jsonl',
    text: (secret, beside) =>
      [
        { role: 'user', content: beside() },
        { role: 'tool', arguments: { headers: { Authorization: `Bearer ${secret()}` }, client_secret: secret() } },
        { role: 'assistant', content: beside() },
      ]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
  },
];

/** Leaves credentials in every notation in the agent's state, one file a directory in turn, with something else beside each. */
export async function stageCredentialForms(world: Phase9World): Promise<void> {
  const { root, directories } = agentState(world.own.tree, world.get('agent'));
  const files = FORMS.map(({ name, text }, index) => {
    const beside: string[] = [];
    const content = text(
      () => canary(world),
      () => {
        // Digits alone, so that it can be a number, too; none that begins with 0.
        const value = `7${BigInt(`0x${randomBytes(6).toString('hex')}`)
          .toString()
          .padStart(15, '3')}`.slice(0, 13);
        beside.push(value);
        return value;
      },
    );
    return { path: `${directories[index % directories.length]}/accounts/of its owner/${name}`, content, beside };
  });
  // One line: OpenShell takes no argument with a line break.
  const script =
    'import json, os, sys; [(os.makedirs(os.path.dirname(at), exist_ok=True), open(at, "w").write(text)) for at, text in json.load(sys.stdin)]';
  const input = JSON.stringify(files.map(({ path, content }) => [`${root}/${path}`, content]));
  await world.own.cli.must(world.sandbox().exec(['python3', '-c', script], input));
  world.set({ besideCredentials: Object.fromEntries(files.map(({ path, beside }) => [path, beside])) });
}
