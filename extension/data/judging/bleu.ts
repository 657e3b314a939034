import type { Metrics } from '../../protocol/run';
import type { Tally } from './tally';

/** The longest n-grams that are counted. */
const longest = 4;
/** Numbers that are counted of a sentence. */
const width = 2 * longest + 2;

/**
 * BLEU of a whole set of translations, in percent (Papineni, Roukos, Ward & Zhu 2002): the geometric mean of the shares of n-grams of
 * one to four words that stand in a reference too, none counted more often than in the reference that has it most often, times the
 * brevity penalty. The counts are those of all sentences together, so nothing is smoothed: without a single common 4-gram it is zero.
 * Where sentences are too short to have any n-gram of a length, that length does not count.
 */
export class Bleu {
  /** Of each sentence: how many of its n-grams match, how many it has, its words and those there should be. */
  private readonly rows: number[] = [];
  private readonly sums = new Float64Array(width);
  private sentences = 0;
  private exact = 0;

  /** Words of a translation, and those of every translation that is right; there is at least one. */
  add(translation: readonly string[], references: readonly (readonly string[])[]): void {
    this.sentences += 1;
    if (references.some((words) => words.join(' ') === translation.join(' '))) this.exact += 1;
    const row = new Float64Array(width);
    for (let n = 1; n <= longest; n++) {
      const most = new Map<string, number>();
      for (const words of references) {
        for (const [gram, count] of countGrams(words, n)) most.set(gram, Math.max(most.get(gram) ?? 0, count));
      }
      for (const [gram, count] of countGrams(translation, n)) {
        row[n - 1] = (row[n - 1] ?? 0) + Math.min(count, most.get(gram) ?? 0);
        row[longest + n - 1] = (row[longest + n - 1] ?? 0) + count;
      }
    }
    row[2 * longest] = translation.length;
    row[2 * longest + 1] = nearestLength(translation.length, references);
    for (const [k, value] of row.entries()) this.sums[k] = (this.sums[k] ?? 0) + value;
    this.rows.push(...row);
  }

  /** BLEU in percent and the share of translations that are word for word a reference; empty where there was nothing. */
  metrics(): Metrics {
    if (this.sentences === 0) return {};
    return { bleu: percentOf(this.sums), exactMatch: this.exact / this.sentences };
  }

  /** Of BLEU. */
  tally(): Tally {
    return { rows: Float64Array.from(this.rows), width, overlap: null, of: percentOf };
  }
}

/** BLEU in percent of the counts of some sentences together. */
function percentOf(sums: Float64Array): number {
  const [written = 0, wanted = 0] = sums.subarray(2 * longest);
  if (written === 0) return 0;
  let [sum, orders] = [0, 0];
  for (let n = 0; n < longest; n++) {
    const [matched = 0, total = 0] = [sums[n], sums[longest + n]];
    if (total === 0) continue;
    if (matched === 0) return 0;
    sum += Math.log(matched / total);
    orders += 1;
  }
  const brevity = written >= wanted ? 1 : Math.exp(1 - wanted / written);
  return 100 * brevity * Math.exp(sum / orders);
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
