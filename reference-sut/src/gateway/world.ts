import type { EgressProxy } from './egress/proxy';
import type { Settings } from './settings';
import type { StateDirectory } from './state-directory';
import type { Store } from './store';
import type { Turns } from './turns';

/** What every operation of a running gateway may use. */
export interface GatewayWorld {
  readonly settings: Settings;
  readonly directory: StateDirectory;
  readonly store: Store;
  readonly turns: Turns;
  readonly proxy: EgressProxy;
  /** What a sandbox's proxy variables say. */
  readonly proxyUrl: string;
  /** Says that the gateway is going away: what is under way ends, nothing new begins. */
  readonly closing: () => boolean;
}
