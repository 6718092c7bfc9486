/** Hermes' first words where it cannot reach its configuration, its later ones where it cannot read or understand it. */
const SAID_SO = /(?:could not load|failed to \w+) .*config\.yaml|config\.yaml .*failed/i;
/** The system's words about config.yaml or the environment file beside it; a gateway that dies of them says nothing of its own. */
const NOT_OPENED = /\[Errno \d+\] .*\/\.hermes\/(?:config\.yaml|\.env)\b/;

/** The lines of the gateway's log by which it did not load its configuration. */
export function configurationFailures(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => SAID_SO.test(line) || NOT_OPENED.test(line));
}
