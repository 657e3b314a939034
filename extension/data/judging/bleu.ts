import type { Metrics } from '../../protocol/run';

/** The longest n-grams that are counted. */
const longest = 4;

/**
 * BLEU of a whole set of translations, in percent (Papineni, Roukos, Ward & Zhu 2002): the geometric mean of the shares of n-grams of
 * one to four words that stand in a reference too, none counted more often than in the reference that has it most often, times the
 * brevity penalty. The counts are those of all sentences together, so nothing is smoothed: without a single common 4-gram it is zero.
 * Where sentences are too short to have any n-gram of a length, that length does not count.
 */
export class Bleu {
  private readonly matches = new Float64Array(longest);
  private readonly totals = new Float64Array(longest);
  private written = 0;
  private wanted = 0;
  private sentences = 0;
  private exact = 0;

  /** Words of a translation, and those of every translation that is right; there is at least one. */
  add(translation: readonly string[], references: readonly (readonly string[])[]): void {
    this.sentences += 1;
    if (references.some((words) => words.join(' ') === translation.join(' '))) this.exact += 1;
    this.written += translation.length;
    this.wanted += nearestLength(translation.length, references);
    for (let n = 1; n <= longest; n++) {
      const most = new Map<string, number>();
      for (const words of references) {
        for (const [gram, count] of countGrams(words, n)) most.set(gram, Math.max(most.get(gram) ?? 0, count));
      }
      for (const [gram, count] of countGrams(translation, n)) {
        this.totals[n - 1] = (this.totals[n - 1] ?? 0) + count;
        this.matches[n - 1] = (this.matches[n - 1] ?? 0) + Math.min(count, most.get(gram) ?? 0);
      }
    }
  }

  /** BLEU in percent and the share of translations that are word for word a reference; empty where there was nothing. */
  metrics(): Metrics {
    if (this.sentences === 0) return {};
    return { bleu: 100 * this.score(), exactMatch: this.exact / this.sentences };
  }

  private score(): number {
    if (this.written === 0) return 0;
    let [sum, orders] = [0, 0];
    for (const [i, total] of this.totals.entries()) {
      if (total === 0) continue;
      const matched = this.matches[i] ?? 0;
      if (matched === 0) return 0;
      sum += Math.log(matched / total);
      orders += 1;
    }
    const brevity = this.written >= this.wanted ? 1 : Math.exp(1 - this.wanted / this.written);
    return brevity * Math.exp(sum / orders);
  }
}

/** The length of the reference that is nearest in length; of two equally near ones the shorter. */
function nearestLength(length: number, references: readonly (readonly string[])[]): number {
  let best = references[0]?.length ?? 0;
  for (const { length: own } of references) {
    const [gap, bestGap] = [Math.abs(own - length), Math.abs(best - length)];
    if (gap < bestGap || (gap === bestGap && own < best)) best = own;
  }
  return best;
}

function countGrams(words: readonly string[], n: number): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + n <= words.length; start++) {
    const gram = words.slice(start, start + n).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}
