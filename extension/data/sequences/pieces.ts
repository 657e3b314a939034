import type { RowRange } from '../split';

/** Stretches of rows that a model reads. */
export interface Pieces {
  /** First row of each. */
  readonly first: Uint32Array;
  /** Rows of each. */
  readonly length: Uint32Array;
  /** Rows at the start of each that another piece has counted. */
  readonly counted: Uint32Array;
}

function piecesOf(all: readonly { first: number; length: number; counted?: number }[]): Pieces {
  return {
    first: Uint32Array.from(all, ({ first }) => first),
    length: Uint32Array.from(all, ({ length }) => length),
    counted: Uint32Array.from(all, ({ counted = 0 }) => counted),
  };
}

/** Every `length` consecutive rows of a range whose last row `ends` a piece. */
export function slidingPieces({ start, end }: RowRange, length: number, ends: (row: number) => boolean): Pieces {
  const last = Math.max(start, end - length + 1);
  // Of a long file they are very many.
  const first = new Uint32Array(last - start).map((_, i) => start + i).filter((row) => ends(row + length - 1));
  return { first, length: new Uint32Array(first.length).fill(length), counted: new Uint32Array(first.length) };
}

/** `length` consecutive rows after `length` others. The last piece reaches back over rows that the one before it has counted. */
export function tiledPieces({ start, end }: RowRange, length: number): Pieces {
  const all: { first: number; length: number; counted: number }[] = [];
  for (let row = start; row < end && end - start >= length; row += length) {
    const first = Math.min(row, end - length);
    all.push({ first, length, counted: row - first });
  }
  return piecesOf(all);
}

/** The last rows, at most `longest`, of the sequences of a range that `isKnown`. */
export function wholeSequences(
  { start, end }: RowRange,
  starts: Uint32Array,
  longest: number,
  isKnown: (sequence: number) => boolean,
): Pieces & { readonly sequences: readonly number[] } {
  const sequences = Array.from({ length: end - start }, (_, i) => start + i).filter(isKnown);
  const all = sequences.map((sequence) => {
    const [from = 0, to = 0] = starts.subarray(sequence, sequence + 2);
    const length = Math.min(longest, to - from);
    return { first: to - length, length };
  });
  return { ...piecesOf(all), sequences };
}
