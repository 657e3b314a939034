import type { Experiment } from '../protocol/experiment';
import type { Message } from '../protocol/messages';

export interface SeriesColumn {
  readonly name: string;
  /** One entry a row; never NaN. */
  readonly values: Float64Array;
}

/** The chosen columns of a file as one series in time order, with no value missing. */
export interface Series {
  readonly rows: number;
  /** Milliseconds since 1970, ascending; null where the experiment has no time column. */
  readonly time: Float64Array | null;
  /** Target first, then the features in the experiment's order. */
  readonly columns: readonly SeriesColumn[];
  /** Of the file that was read. */
  readonly fingerprint: string;
  /** What was done to the rows, in words. */
  readonly notes: readonly Message[];
}
