/**
 * What a metric is made of, item by item, so that it can be had of any of the items: it is `of` the sums over them. An item is a
 * sequence, a window or a stretch of a text.
 */
export interface Tally {
  /** [items, width] row-major. */
  readonly rows: Float64Array;
  /** Numbers an item. */
  readonly width: number;
  /**
   * So many neighbours share something, such as windows over the same rows; 1 where they only follow one another. Null where items have nothing
   * to do with one another, such as texts.
   */
  readonly overlap: number | null;
  /**
   * Items before each of several series, and of all at the end: those of one have nothing to do with those of another, whichever follow one
   * another. One series where it is left out.
   */
  readonly before?: ArrayLike<number>;
  /** The metric of `width` sums. */
  readonly of: (sums: Float64Array) => number;
}

/** Numbers of items as they come, of which the first is divided by the second: errors by steps, right answers by all. */
export class ShareRows {
  private readonly values: number[] = [];

  add(part: number, whole: number): void {
    this.values.push(part, whole);
  }

  read(overlap: number | null): Tally {
    return { rows: Float64Array.from(this.values), width: 2, overlap, of: share };
  }
}

const share = (sums: Float64Array) => (sums[0] ?? 0) / (sums[1] ?? 0);
