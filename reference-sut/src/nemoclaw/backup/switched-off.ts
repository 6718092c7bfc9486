import { isMap, parseDocument } from 'yaml';
import type { AgentManifest } from '../agent-manifest';
import { CHANNELS } from '../messaging';

type Strategy = AgentManifest['config_files'][number]['strategy'];

/** A configuration of the owner's without what would bring channels to life again that are switched off; their other settings stay. */
export function withoutChannels(text: string, strategy: Strategy, disabled: readonly string[]): string {
  if (disabled.length === 0) return text;
  if (strategy === 'merge_env') return withoutVariables(text, disabled);
  if (strategy === 'merge_yaml') return withoutPlatforms(text, disabled);
  return text;
}

function withoutVariables(text: string, disabled: readonly string[]): string {
  const names = disabled.flatMap((channel) => CHANNELS[channel] ?? []);
  const assigns = new RegExp(`^\\s*(?:export\\s+)?(?:${names.join('|')})\\s*=`);
  return text
    .split('\n')
    .filter((line) => !assigns.test(line))
    .join('\n');
}

function withoutPlatforms(text: string, disabled: readonly string[]): string {
  const document = parseDocument(text);
  if (!isMap(document.get('platforms'))) return text;
  for (const channel of disabled) document.deleteIn(['platforms', channel]);
  return document.toString({ lineWidth: 0 });
}
