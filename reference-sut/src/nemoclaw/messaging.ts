/** OpenShell's name for the provider that holds a sandbox's Discord token. */
export function discordBridge(sandbox: string): string {
  return `${sandbox}-discord-bridge`;
}
