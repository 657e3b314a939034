import type { Experiment } from '../protocol/experiment';
import type { Reading } from './reading';

/** What a person or a model says about the form of a table; null lets the file tell. */
export type TableForm = Pick<Experiment['data'], 'numbers'>;

/**
 * Columns of which a further column tells where their values are missing: those of which any is, or those of these names, whose
 * further columns are then the last of the columns that are asked for.
 */
export type Indicators = 'all' | readonly string[];

/** How a table is read, and what is said about it. */
export interface FormedReading extends Reading, Partial<TableForm> {
  readonly indicators?: Indicators;
}

type Said<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** What a draft, an experiment or a model says about the form of its table. */
export const formOf = ({ numbers = null }: Said<TableForm>): TableForm => ({ numbers });

/** How an experiment, or a model, which knows its columns, reads a table. */
export const readingFor = (
  said: Said<TableForm> & {
    readonly missing?: Experiment['data']['missing'] | undefined;
    readonly indicators?: readonly string[];
  },
): FormedReading => ({ ...formOf(said), indicators: said.indicators ?? (said.missing === 'mask' ? 'all' : []) });

/** What the column is called that tells where another has no value. */
export const indicatorName = (column: string): string => `${column} is missing`;
