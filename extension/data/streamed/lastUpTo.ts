/** The last place of an ascending list whose value is at most `value`; 0 where there is none. */
export function lastUpTo(ascending: ArrayLike<number>, value: number): number {
  let [low, high] = [0, Math.max(0, ascending.length - 1)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
