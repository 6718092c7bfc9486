/** What one check saw. `fail`: a run cannot start; `warn`: it can, but the reader should know. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
}
