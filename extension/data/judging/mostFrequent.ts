/** What stands most often; of equally frequent ones what came first. Undefined where there is nothing. */
export function mostFrequent<T>(values: Iterable<T>): T | undefined {
  const counts = new Map<T, number>();
  let best: T | undefined;
  let most = 0;
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const [value, count] of counts) if (count > most) [best, most] = [value, count];
  return best;
}
