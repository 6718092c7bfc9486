import type { Look } from '../../run/live/look';

/** The result of one check. `fail`: a run, or what needs it, cannot start; `warn`: it can, with a restriction. */
export interface Finding extends Look {
  /** The row that it is about, where it is the judgement of a row. */
  readonly row?: string;
}
