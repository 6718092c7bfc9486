import type { lintSource } from '@secretlint/core';
import type { Hit } from './search';

type Config = Parameters<typeof lintSource>[0]['options']['config'];
/** A rule by itself, not a preset of rules. */
type Rule = Exclude<Config['rules'][number]['rule'], { readonly rules: unknown }>;

/**
 * Left out of the recommended rules: it lets a comment in a file say that the file holds no secret, and these files are written by
 * what is under test.
 */
const LETS_ITSELF_OFF = '@secretlint/secretlint-rule-filter-comments';

let config: Config | undefined;

/** Loads the scanner, which takes a while: only where something is scanned. */
function recommended(): Config {
  const { secretLintProfiler } = require('@secretlint/profiler') as typeof import('@secretlint/profiler');
  // It keeps some forty marks a call and looks through all of them at each: two thousand files took over a minute.
  secretLintProfiler.mark = () => undefined;
  const { rules } = require('@secretlint/secretlint-rule-preset-recommend') as { readonly rules: readonly Rule[] };
  return {
    rules: rules
      .filter(({ meta }) => meta.id !== LETS_ITSELF_OFF)
      // A key's ID is half of what a thief needs, and has no business in an artifact.
      .map((rule) => ({ id: rule.meta.id, rule, options: { enableIDScanRule: true } })),
  };
}

/** Credentials that secretlint's recommended rules find in `text`, by rule; never their values. */
export async function credentialHits(text: string): Promise<Hit[]> {
  config ??= recommended();
  const { lintSource } = require('@secretlint/core') as typeof import('@secretlint/core');
  const { messages } = await lintSource({
    source: { filePath: 'text', content: text, ext: '.txt', contentType: 'text' },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  return messages.map(({ ruleId, messageId, range: [offset] }) => ({
    offset,
    secret: `${ruleId.replace('@secretlint/secretlint-rule-', 'secretlint ')}: ${messageId}`,
  }));
}
