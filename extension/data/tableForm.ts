import type { Experiment } from '../protocol/experiment';
import type { Reading } from './reading';

/** What a person or a model says about the form of a table; null lets the file tell. */
export type TableForm = Pick<Experiment['data'], 'numbers'>;

/** How a table is read, and what is said about it. */
export type FormedReading = Reading & Partial<TableForm>;

/** What a draft, an experiment or a model says about the form of its table. */
export const formOf = ({
  numbers = null,
}: { readonly [K in keyof TableForm]?: TableForm[K] | undefined }): TableForm => ({
  numbers,
});
