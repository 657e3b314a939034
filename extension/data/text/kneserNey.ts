/** Longer texts are counted from their end: what is nearest is most alike. */
const mostTokens = 5_000_000;

/** How much is taken off an n-gram that was seen once, twice, or more often. */
type Discounts = readonly [number, number, number];

/** What is known of the n-grams of one length. */
interface Order {
  /** By n-gram: how often it was seen or, below the longest, after how many different tokens. */
  readonly counts: ReadonlyMap<string, number>;
  /** By what stands before the last token: the sum of its counts, and how many of them are 1, 2 and more. */
  readonly contexts: ReadonlyMap<string, readonly [total: number, ones: number, twos: number, more: number]>;
  readonly discounts: Discounts;
}

/**
 * Counts what follows what: n-grams of up to `longest` tokens with interpolated modified Kneser-Ney smoothing (Chen, Goodman, An empirical
 * study of smoothing techniques for language modeling, 1998, section 3). Tokens are below 65,536.
 */
export class KneserNey {
  /** Entry n-1 is of n tokens: as they were seen, which is for the longest n-grams of a model, and after how many others, for shorter ones. */
  private readonly seen: readonly Order[];
  private readonly continued: readonly Order[];

  constructor(
    training: ArrayLike<number>,
    private readonly vocabulary: number,
    readonly longest: number,
  ) {
    const text = textOf(training, Math.max(0, training.length - mostTokens), training.length);
    const seen = Array.from({ length: longest }, (_, i) => countsOf(text, i + 1));
    this.seen = seen.map(orderOf);
    this.continued = seen.slice(1).map((longer) => orderOf(continuations(longer)));
  }

  /**
   * The sum of -ln p of some tokens for each length of n-gram from 1 to the longest: entry n-1 knows the n-1 tokens before each.
   * @param from the first token that counts; those before it are known
   */
  nats(tokens: ArrayLike<number>, from: number, to: number): Float64Array {
    const sums = new Float64Array(this.longest);
    const start = Math.max(0, from - this.longest + 1);
    const text = textOf(tokens, start, to);
    for (let at = from - start; at < text.length; at++) {
      let shorter = 1 / this.vocabulary;
      let known = shorter;
      for (let n = 1; n <= this.longest; n++) {
        if (at - n + 1 >= 0) {
          const gram = text.slice(at - n + 1, at + 1);
          known = probability(this.seen[n - 1], gram, shorter);
          shorter = probability(this.continued[n - 1], gram, shorter);
        }
        sums[n - 1] = (sums[n - 1] ?? 0) - Math.log(known);
      }
    }
    return sums;
  }
}

/** That the last token of `gram` follows the others, given how probable it is after fewer of them. */
function probability(order: Order | undefined, gram: string, shorter: number): number {
  const context = order?.contexts.get(gram.slice(0, -1));
  if (order === undefined || context === undefined) return shorter;
  const [total, ones, twos, more] = context;
  const [d1, d2, d3] = order.discounts;
  const count = order.counts.get(gram) ?? 0;
  const kept = Math.max(0, count - (count === 0 ? 0 : count === 1 ? d1 : count === 2 ? d2 : d3));
  return (kept + (d1 * ones + d2 * twos + d3 * more) * shorter) / total;
}

/** Tokens as the code units of a text, so that n-grams are pieces of it. */
function textOf(tokens: ArrayLike<number>, from: number, to: number): string {
  const parts: string[] = [];
  for (let at = from; at < to; at += 4096) {
    const codes = Array.from({ length: Math.min(4096, to - at) }, (_, i) => tokens[at + i] ?? 0);
    parts.push(String.fromCharCode(...codes));
  }
  return parts.join('');
}

function countsOf(text: string, n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + n <= text.length; at++) {
    const gram = text.slice(at, at + n);
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** After how many different tokens each n-gram stands, from the n-grams that are one longer. */
function continuations(longer: ReadonlyMap<string, number>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const gram of longer.keys()) {
    const shorter = gram.slice(1);
    counts.set(shorter, (counts.get(shorter) ?? 0) + 1);
  }
  return counts;
}

function orderOf(counts: ReadonlyMap<string, number>): Order {
  const contexts = new Map<string, [number, number, number, number]>();
  const frequency = [0, 0, 0, 0, 0];
  for (const [gram, count] of counts) {
    if (count <= 4) frequency[count] = (frequency[count] ?? 0) + 1;
    const before = gram.slice(0, -1);
    const sums = contexts.get(before) ?? [0, 0, 0, 0];
    sums[0] += count;
    const kind = Math.min(3, count) as 1 | 2 | 3;
    sums[kind] += 1;
    contexts.set(before, sums);
  }
  return { counts, contexts, discounts: discountsOf(frequency) };
}

/** Chen and Goodman's estimate from how many n-grams were seen once, twice, three and four times. */
function discountsOf([, n1 = 0, n2 = 0, n3 = 0, n4 = 0]: readonly number[]): Discounts {
  const y = n1 + 2 * n2 > 0 ? n1 / (n1 + 2 * n2) : 0.5;
  const discount = (k: number, here: number, next: number) => {
    const value = here > 0 ? k - ((k + 1) * y * next) / here : k * y;
    // Texts of few n-grams give estimates that are none.
    return Math.min(k - 0.05, Math.max(0.05, value));
  };
  return [discount(1, n1, n2), discount(2, n2, n3), discount(3, n3, n4)];
}
