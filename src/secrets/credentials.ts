import type { lintSource } from '@secretlint/core';
import type { Hit } from './search';

type Config = Parameters<typeof lintSource>[0]['options']['config'];
/** A single rule, not a preset of rules. */
type Rule = Exclude<Config['rules'][number]['rule'], { readonly rules: unknown }>;

/**
 * Left out of the recommended rules: it lets a comment in a file exempt the file, and the system under test writes these files.
 */
const EXEMPTION_RULE = '@secretlint/secretlint-rule-filter-comments';

let config: Config | undefined;

/** Loads the scanner, which is slow: only where something is scanned. */
function recommended(): Config {
  const { secretLintProfiler } = require('@secretlint/profiler') as typeof import('@secretlint/profiler');
  // The profiler keeps some forty marks a call and searches all of them at each: two thousand files took over a minute.
  secretLintProfiler.mark = () => undefined;
  const { rules } = require('@secretlint/secretlint-rule-preset-recommend') as { readonly rules: readonly Rule[] };
  return {
    rules: rules
      .filter(({ meta }) => meta.id !== EXEMPTION_RULE)
      // The ID of a key is half of a credential, and no artifact needs it.
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
