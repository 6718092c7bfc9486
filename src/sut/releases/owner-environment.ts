import type { Installer, ReleaseFacts } from './release';

/** What an owner sets so that this release takes an endpoint at a private address. */
export function trusting(
  { trustedHostsVariable }: Pick<ReleaseFacts, 'trustedHostsVariable'>,
  url: string,
): Record<string, string> {
  return trustedHostsVariable === null ? {} : { [trustedHostsVariable]: new URL(url).hostname };
}

/** What an operator sets to consent to the upgrade of the gateway, and to its making `sandbox` anew where that is asked. */
export function upgradeConsents(
  { upgradeConsent, recreateConsent }: Pick<Installer, 'upgradeConsent' | 'recreateConsent'>,
  sandbox: string,
): Record<string, string> {
  return {
    [upgradeConsent]: '1',
    ...(recreateConsent === null ? {} : { [recreateConsent]: JSON.stringify([sandbox]) }),
  };
}

/** The instructions by which the Dockerfile of a bare image says as whom and where a sandbox of it runs. */
export function identityInstructions({ sandboxIdentity }: Pick<ReleaseFacts, 'sandboxIdentity'>): string {
  if (sandboxIdentity === null) return '';
  return `USER ${sandboxIdentity.user}\nWORKDIR ${sandboxIdentity.workdir}\n`;
}
