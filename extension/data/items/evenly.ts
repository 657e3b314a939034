/** At most so many of a list, evenly over all of it, the first and the last among them; in their order. */
export function evenly<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, i) => Math.round((i * (all.length - 1)) / Math.max(1, most - 1))).flatMap(
    (at) => all.slice(at, at + 1),
  );
}
