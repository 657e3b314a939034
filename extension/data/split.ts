import type { Part } from '../protocol/data';
import type { Experiment } from '../protocol/experiment';

/** The parts of a series, first to last in time. */
export const parts = ['train', 'validation', 'test'] as const satisfies readonly Part[];

/** Rows `start` (included) to `end` (excluded). */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

export type Split = Readonly<Record<Part, RowRange>>;

/** Where the parts lie in `rows` rows that are in time order. Depends on the count alone, never on a value. */
export function splitRows(rows: number, fractions: Experiment['data']['split']): Split {
  const test = Math.round(rows * fractions.test);
  const validation = Math.round(rows * fractions.validation);
  const testStart = rows - test;
  const validationStart = Math.max(0, testStart - validation);
  return {
    train: { start: 0, end: validationStart },
    validation: { start: validationStart, end: testStart },
    test: { start: testStart, end: rows },
  };
}

/** The parts from an earlier origin: validation and test part as many test parts before. What follows them is in no part. */
export function earlier({ train, validation, test }: Split, origin: number): Split {
  const back = origin * (test.end - test.start);
  const moved = ({ start, end }: RowRange): RowRange => ({
    start: Math.max(0, start - back),
    end: Math.max(0, end - back),
  });
  return {
    train: { start: train.start, end: Math.max(0, train.end - back) },
    validation: moved(validation),
    test: moved(test),
  };
}

/** Where the windows of a part begin: after an embargo, which keeps it apart from the part before. */
export function firstRow(split: Split, part: Part, embargo: number): number {
  return part === 'train' ? split.train.start : split[part].start + embargo;
}

/** Windows of `lookback` + `horizon` consecutive rows that lie wholly inside a range. */
export function windowsIn(range: RowRange, lookback: number, horizon: number): number {
  return Math.max(0, range.end - range.start - lookback - horizon + 1);
}
