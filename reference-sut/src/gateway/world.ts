import type { EgressProxy } from './egress/proxy';
import type { Settings } from './settings';
import type { StateDirectory } from './state-directory';
import type { Store } from './store';
import type { Turns } from './turns';

/** The parts of a running gateway that every operation may use. */
export interface GatewayWorld {
  readonly settings: Settings;
  readonly directory: StateDirectory;
  readonly store: Store;
  readonly turns: Turns;
  readonly proxy: EgressProxy;
  /** The value of a sandbox's proxy variables. */
  readonly proxyUrl: string;
  /** Whether the gateway is shutting down: running operations end, no new one begins. */
  readonly closing: () => boolean;
}
