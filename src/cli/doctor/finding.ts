/** The result of one check. `fail`: a run cannot start; `warn`: it can, with a restriction. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do. */
  readonly advice?: string;
}
