import type { Column } from '../streamed/columnFile';

/** Multipliers of two rolling hashes; odd, so that no row is lost. */
const bases = [0x01000193, 0x2c1b3c6d] as const;

/** Windows that begin at `first` and at the `count` - 1 rows after it. */
interface Stretch {
  readonly first: number;
  readonly count: number;
}

/**
 * How many windows of `length` rows of the stretch `later` are, value by value in every column, one of `earlier`. Windows are told
 * apart by two rolling hashes first, those that are left are compared then, one column after the other.
 */
export function countRepeatedWindows(
  columns: readonly Pick<Column, 'values'>[],
  length: number,
  earlier: Stretch,
  later: Stretch,
): number {
  if (earlier.count === 0 || later.count === 0) return 0;
  const from = Math.min(earlier.first, later.first);
  const to = Math.max(earlier.first + earlier.count, later.first + later.count) + length - 1;
  const rows = hashRows(columns, from, to);
  const found = firstAlike(rows, length, moved(earlier, from), moved(later, from));
  for (const { values } of columns) {
    for (const [window, other] of found.entries()) {
      if (other >= 0 && !isSame(values, from + other, later.first + window, length)) found[window] = -1;
    }
  }
  return found.reduce((count, other) => count + (other < 0 ? 0 : 1), 0);
}

const moved = ({ first, count }: Stretch, by: number): Stretch => ({ first: first - by, count });

function isSame(values: Float64Array, a: number, b: number, length: number): boolean {
  for (let row = 0; row < length; row++) if (values[a + row] !== values[b + row]) return false;
  return true;
}

/** For each window of `later` the start of the first window of `earlier` with its hashes, else -1. */
function firstAlike(rows: Int32Array, length: number, earlier: Stretch, later: Stretch): Int32Array {
  // Windows that have met their like are as many as the later ones at most, so they are what is kept: where each hash leads is a list.
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * later.count))).fill(-1);
  const mask = slots.length - 1;
  const others = new Int32Array(later.count);
  const next = new Int32Array(later.count);
  eachHash(rows, length, later, (one, other, start) => {
    const window = start - later.first;
    others[window] = other;
    next[window] = slots[slotOf(one) & mask] ?? -1;
    slots[slotOf(one) & mask] = window;
  });
  const found = new Int32Array(later.count).fill(-1);
  eachHash(rows, length, earlier, (one, other, start) => {
    let before = -1;
    for (let window = slots[slotOf(one) & mask] ?? -1; window >= 0; ) {
      const after = next[window] ?? -1;
      if (others[window] === other && found[window] === -1) {
        found[window] = start;
        // It is not looked for any more.
        if (before < 0) slots[slotOf(one) & mask] = after;
        else next[before] = after;
      } else before = window;
      window = after;
    }
  });
  return found;
}

const slotOf = (hash: number) => hash ^ (hash >>> 15);

/** 32 bits of each row, from all of its values. */
function hashRows(columns: readonly Pick<Column, 'values'>[], from: number, to: number): Int32Array {
  const hashes = new Int32Array(to - from);
  const value = new Float64Array(1);
  const words = new Int32Array(value.buffer);
  for (const { values } of columns) {
    for (let row = 0; row < hashes.length; row++) {
      // Adding 0 makes the two zeros one.
      value[0] = (values[from + row] ?? 0) + 0;
      const mixed = Math.imul((hashes[row] ?? 0) ^ (words[0] ?? 0), 0x85ebca6b);
      hashes[row] = Math.imul((mixed ^ (mixed >>> 15)) + (words[1] ?? 0), 0xc2b2ae35);
    }
  }
  return hashes;
}

function eachHash(
  rows: Int32Array,
  length: number,
  { first, count }: Stretch,
  visit: (one: number, other: number, start: number) => void,
): void {
  const [base, base2] = bases;
  let [power, power2] = [1, 1];
  for (let i = 0; i < length; i++) {
    power = Math.imul(power, base);
    power2 = Math.imul(power2, base2);
  }
  let [one, other] = [0, 0];
  for (let row = 0; row < length; row++) {
    const value = rows[first + row] ?? 0;
    one = (Math.imul(one, base) + value) | 0;
    other = (Math.imul(other, base2) + value) | 0;
  }
  for (let window = 0; window < count; window++) {
    const at = first + window;
    visit(one, other, at);
    const [comes, leaves] = [rows[at + length] ?? 0, rows[at] ?? 0];
    one = (Math.imul(one, base) + comes - Math.imul(power, leaves)) | 0;
    other = (Math.imul(other, base2) + comes - Math.imul(power2, leaves)) | 0;
  }
}
