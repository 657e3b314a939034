import type { Experiment } from '../../protocol/experiment';
import type { Reading } from './reading';

/** What a person or a model says about the form of a table; null lets the file tell. */
export type TableForm = Pick<Experiment['data'], 'numbers' | 'zone' | 'resample' | 'gaps' | 'fillLimit'>;

/**
 * Columns of which a further column tells where their values are missing: those of which any is, or those of these names, whose
 * further columns are then the last of the columns that are asked for.
 */
export type Indicators = 'all' | readonly string[];

/** How a table is read, and what is said about it. */
export interface FormedReading extends Reading, Partial<TableForm> {
  readonly indicators?: Indicators;
  /** The column that tells series apart, each of which has its own clock. */
  readonly series?: string | null | undefined;
  /** The column that orders the rows, where it is known before the table is opened. */
  readonly time?: string | null | undefined;
}

type Said<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What a draft, an experiment or a model says about the form of its table. */
export const formOf = ({
  numbers = null,
  zone = null,
  resample = null,
  gaps = 'keep',
  fillLimit = null,
}: Said<TableForm>): TableForm => ({
  numbers,
  zone,
  resample,
  gaps,
  fillLimit,
});

/** How an experiment, or a model, which knows its columns, reads a table. */
export const readingFor = (
  said: Said<TableForm> & {
    readonly missing?: Experiment['data']['missing'] | undefined;
    readonly indicators?: readonly string[];
    readonly series?: string | null | undefined;
    readonly time?: string | null | undefined;
  },
): FormedReading => ({
  ...formOf(said),
  series: said.series,
  time: said.time,
  indicators: said.indicators ?? (said.missing === 'mask' ? 'all' : []),
});

/** What the column is called that tells where another has no value. */
export const indicatorName = (column: string): string => `${column} is missing`;
