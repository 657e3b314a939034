import type { Texts } from '../sequences/texts';

/** The rows of each series, in the order of the file; the series that appears first is the first. */
export function rowsOfSeries({ labels, codes }: Texts): readonly Uint32Array[] {
  const counts = new Uint32Array(labels.length);
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  const rows = Array.from(counts, (count) => new Uint32Array(count));
  const next = new Uint32Array(labels.length);
  for (const [row, code] of codes.entries()) {
    const own = rows[code];
    if (own === undefined) continue;
    const at = next[code] ?? 0;
    own[at] = row;
    next[code] = at + 1;
  }
  return rows;
}
