/** Flags by which an operator consents to what the installers put on a machine; every run that is to install needs them. */
export const CONSENT = ['--non-interactive', '--yes-i-accept-third-party-software'] as const;

/** The command line from the documentation; the address is the first argument, the flags follow. */
const PIPED = 'url=$1; shift; curl -fsSL "$url" | bash -s -- "$@"';

/** Runs the installer at `script`, a file. */
export function installerCommand(script: string, flags: readonly string[] = CONSENT): [string, ...string[]] {
  return ['bash', script, ...flags];
}

/** Pipes the installer at `url` into a shell, with consent. */
export function pipedInstallerCommand(url: string): [string, ...string[]] {
  return ['bash', '-o', 'pipefail', '-c', PIPED, 'bash', url, ...CONSENT];
}

/** The environment that sends git from the public repository at `url` to the one in `directory`. */
export function redirectGit(url: string, directory: string): Record<string, string> {
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.file://${directory}.insteadOf`,
    GIT_CONFIG_VALUE_0: url,
  };
}
