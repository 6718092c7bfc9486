import path from 'node:path';
import type { Isolation, Profile } from '../sut/profile';

/** What the SUT's programs inherit from the suite's own environment: nothing that could hold a secret or a user's settings. */
const passedOn =
  /^(LANG|LC_[A-Z]+|TZ|TMPDIR|XDG_RUNTIME_DIR|DOCKER_(HOST|CERT_PATH|TLS_VERIFY|CONTEXT|BUILDKIT)|HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|CURL_CA_BUNDLE)$/;

/** The environment of every command of one scenario. */
export function sutEnvironment(
  profile: Profile,
  isolation: Isolation,
  home: string,
  distribution: string,
): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value !== undefined && passedOn.test(name) ? [[name, value] as const] : [],
  );
  const programs = profile.programs.map((directory) => path.join(distribution, directory));
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    PATH: [...programs, process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'].join(path.delimiter),
    TERM: 'dumb',
    NEMOCLAW_NON_INTERACTIVE: '1',
    NEMOCLAW_ACCEPT_THIRD_PARTY_SOFTWARE: '1',
    NEMOCLAW_YES: '1',
    ...profile.isolate(isolation),
    PHASE9_SCENARIO: isolation.token,
  };
}
