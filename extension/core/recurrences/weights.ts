import { elements, isParameter } from '../describe/texts';
import type { Value } from '../graph/value';

/** How many numbers of weights there are among values; each counts once. */
export function numbersIn(values: Iterable<Value | null>): number {
  const weights = new Set<Value>();
  for (const value of values) if (value?.constant && isParameter(value)) weights.add(value);
  return [...weights].reduce((sum, value) => sum + elements(value), 0);
}
