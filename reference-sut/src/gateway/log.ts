/** One line of the gateway's log: event, then its fields. Values are never credentials: callers pass names only. */
export function log(event: string, fields: Readonly<Record<string, string | number | undefined>> = {}): void {
  const parts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${/[\s"=]/.test(String(value)) ? JSON.stringify(String(value)) : value}`);
  process.stdout.write(`${new Date().toISOString()} ${[event, ...parts].join(' ')}\n`);
}
