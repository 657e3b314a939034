import type { Message } from './messages';

export type ColumnKind = 'number' | 'time' | 'text' | 'boolean';

/** What is known of one column of a table. */
export interface ColumnProfile {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly missing: number;
  /** Number and time columns only (time in ms since 1970); null when every value is missing. */
  readonly min: number | null;
  readonly max: number | null;
}

/** What a table is, before anything is decided. */
export interface DataProfile {
  /** Absolute path. */
  readonly path: string;
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  /** Changes when the file's content does. */
  readonly fingerprint: string;
}

/** What an experiment on a text names as its target: it has no columns. */
export const characterTarget = 'character';

export type Part = 'train' | 'validation' | 'test';

/** A guess and why it was made, so that it can be shown and changed. */
export interface Reason {
  /** Dotted path of the choice in the experiment, such as `data.target`. */
  readonly choice: string;
  readonly why: Message;
}
