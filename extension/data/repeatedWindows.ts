/** Multiplier of the rolling hash; odd, so that no row is lost. */
const base = 0x01000193;

/** Windows that begin at `first` and at the `count` - 1 rows after it. */
interface Stretch {
  readonly first: number;
  readonly count: number;
}

/**
 * How many windows of `length` rows of the stretch `later` are, value by value in every column, one of `earlier`. Windows are told
 * apart by a rolling hash first and compared then.
 */
export function countRepeatedWindows(
  columns: readonly Float64Array[],
  length: number,
  earlier: Stretch,
  later: Stretch,
): number {
  if (earlier.count === 0 || later.count === 0) return 0;
  const rows = hashRows(columns);
  // Of windows that are equal one is enough.
  const known = new Map<number, number>();
  eachHash(rows, length, earlier, (hash, start) => {
    if (!known.has(hash)) known.set(hash, start);
  });
  let repeated = 0;
  eachHash(rows, length, later, (hash, start) => {
    const other = known.get(hash);
    if (other !== undefined && columns.every((values) => isSame(values, other, start, length))) repeated++;
  });
  return repeated;
}

function isSame(values: Float64Array, a: number, b: number, length: number): boolean {
  for (let row = 0; row < length; row++) if (values[a + row] !== values[b + row]) return false;
  return true;
}

/** 32 bits of each row, from all of its values. */
function hashRows(columns: readonly Float64Array[]): Int32Array {
  const hashes = new Int32Array(columns[0]?.length ?? 0);
  const value = new Float64Array(1);
  const words = new Int32Array(value.buffer);
  for (const values of columns) {
    for (let row = 0; row < hashes.length; row++) {
      // Adding 0 makes the two zeros one.
      value[0] = (values[row] ?? 0) + 0;
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
  visit: (hash: number, start: number) => void,
): void {
  let power = 1;
  for (let i = 0; i < length; i++) power = Math.imul(power, base);
  let hash = 0;
  for (let row = 0; row < length; row++) hash = (Math.imul(hash, base) + (rows[first + row] ?? 0)) | 0;
  for (let window = 0; window < count; window++) {
    const at = first + window;
    visit(hash, at);
    hash = (Math.imul(hash, base) + (rows[at + length] ?? 0) - Math.imul(power, rows[at] ?? 0)) | 0;
  }
}
