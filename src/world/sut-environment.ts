import path from 'node:path';
import type { Isolation, Profile } from '../sut/profile';

/** What the SUT's programs inherit from the suite's own environment: nothing that could contain a secret or a user's settings. */
const passedOn =
  /^(LANG|LC_[A-Z]+|TZ|XDG_RUNTIME_DIR|DOCKER_(HOST|CERT_PATH|TLS_VERIFY|CONTEXT|BUILDKIT)|HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|CURL_CA_BUNDLE)$/;

/** Directories of one scenario. */
interface Places {
  readonly home: string;
  /** Where programs put what they need for a moment: what a killed one leaves there goes with the scenario. */
  readonly temporary: string;
  readonly distribution: string;
}

/** The environment of every command of one scenario. */
export function sutEnvironment(
  profile: Profile,
  isolation: Isolation,
  { home, temporary, distribution }: Places,
): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && passedOn.test(name) ? [[name, value] as const] : [],
  );
  const programs = profile.programs.map((directory) => path.join(distribution, directory));
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    TMPDIR: temporary,
    PATH: [...programs, process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'].join(path.delimiter),
    TERM: 'dumb',
    NEMOCLAW_NON_INTERACTIVE: '1',
    NEMOCLAW_ACCEPT_THIRD_PARTY_SOFTWARE: '1',
    NEMOCLAW_YES: '1',
    ...profile.isolate(isolation),
    PHASE9_SCENARIO: isolation.token,
  };
}
