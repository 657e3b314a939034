/**
 * Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11):
 * four words from a counter and a key. Any number of any stream can be had without the ones before it, so a resumed run needs
 * no saved generator.
 */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): Uint32Array {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [high0, low0] = product(0xd2511f53, c0);
    const [high1, low1] = product(0xcd9e8d57, c2);
    [c0, c1, c2, c3] = [high1 ^ c1 ^ k0, low1, high0 ^ c3 ^ k1, low0];
    k0 = (k0 + 0x9e3779b9) >>> 0;
    k1 = (k1 + 0xbb67ae85) >>> 0;
  }
  return Uint32Array.of(c0, c1, c2, c3);
}

/** The high and low words of the product of two 32-bit words. */
function product(a: number, b: number): [number, number] {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const low = a0 * b0;
  const middle = a1 * b0 + (low >>> 16);
  const cross = a0 * b1 + (middle & 0xffff);
  return [(a1 * b1 + Math.floor(middle / 0x10000) + (cross >>> 16)) >>> 0, Math.imul(a, b) >>> 0];
}

/** What a stream of numbers is for; streams of one seed are independent. */
export const streams = { weights: 0, shuffle: 1 } as const;

/** A stream of random numbers: `seed` and `stream` choose it, and it always starts at its beginning. */
export class RandomStream {
  private block: Uint32Array = new Uint32Array(0);
  private used = 0;
  private counter = 0;

  /** `index` tells apart streams for one purpose, such as the epochs' shuffles. */
  constructor(
    private readonly seed: number,
    private readonly purpose: (typeof streams)[keyof typeof streams],
    private readonly index: number,
  ) {}

  /** An integer in [0, 2³²). */
  uint32(): number {
    if (this.used === this.block.length) {
      this.block = philox(
        [this.counter >>> 0, Math.floor(this.counter / 2 ** 32), this.index, 0],
        [this.seed, this.purpose],
      );
      this.counter++;
      this.used = 0;
    }
    return this.block[this.used++] ?? 0;
  }

  /** A number in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** A standard normal number (Box & Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** An integer in [0, bound), every one equally likely: draws past the last whole multiple of `bound` are drawn again. */
  below(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const draw = this.uint32();
      if (draw < limit) return draw % bound;
    }
  }
}

/** The order of `length` windows in epoch `epoch` (Fisher & Yates, from the end). */
export function permutation(length: number, seed: number, epoch: number): Uint32Array {
  const random = new RandomStream(seed, streams.shuffle, epoch);
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let last = length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}
