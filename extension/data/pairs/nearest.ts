/** So many sources that share a rare word are looked at. */
const candidates = 200;

/**
 * Finds for each asked source the known one that shares most of its words, as a share of the words of both (Jaccard 1912). Only sources
 * with one of its rarest words are looked at, so that it takes a moment whatever the number of sources; -1 where none shares a word.
 */
export function nearestSources(
  known: readonly (readonly string[])[],
  asked: readonly (readonly string[])[],
): readonly number[] {
  const holders = new Map<string, number[]>();
  for (const [index, words] of known.entries()) {
    for (const word of new Set(words)) {
      const own = holders.get(word);
      if (own === undefined) holders.set(word, [index]);
      else own.push(index);
    }
  }
  const sets = known.map((words) => new Set(words));
  return asked.map((words) => {
    const own = new Set(words);
    const lists = [...own].map((word) => holders.get(word) ?? []).sort((a, b) => a.length - b.length);
    let [best, most, looked] = [-1, 0, 0];
    for (const list of lists) {
      for (const index of list.slice(0, candidates)) {
        looked += 1;
        const other = sets[index] ?? new Set();
        let shared = 0;
        for (const word of own) if (other.has(word)) shared += 1;
        const share = shared / (own.size + other.size - shared);
        if (share > most) [best, most] = [index, share];
      }
      if (looked >= candidates) break;
    }
    return best;
  });
}
