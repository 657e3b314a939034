/** Which ranks of units a picture shows: all of them until it is zoomed into. */
export class RankView {
  private from = 0;
  private to: number;

  constructor(private readonly units: number) {
    this.to = units;
  }

  get first(): number {
    return this.from;
  }

  get end(): number {
    return this.to;
  }

  get whole(): boolean {
    return this.to - this.from >= this.units;
  }

  reset(): void {
    this.from = 0;
    this.to = this.units;
  }

  /** Moves by a share of what is in view; answers whether there was something to move to. */
  scroll(share: number): boolean {
    const before = this.from;
    this.place(this.from + share * (this.to - this.from), this.to - this.from);
    return this.from !== before;
  }

  /** Shows fewer (below 1) or more (above 1) ranks, and keeps what stands at `at`, a share of the height, in its place. */
  zoom(factor: number, at: number): void {
    const fixed = this.from + at * (this.to - this.from);
    const span = Math.min(this.units, Math.max(Math.min(fewest, this.units), (this.to - this.from) * factor));
    this.place(fixed - at * span, span);
  }

  /** Moves as little as needed for a rank to be in view. */
  include(rank: number): void {
    const span = this.to - this.from;
    if (rank < this.from) this.place(rank, span);
    else if (rank + 1 > this.to) this.place(rank + 1 - span, span);
  }

  /** The rank at a share of the height. */
  rankAt(share: number): number {
    const rank = Math.floor(this.from + share * (this.to - this.from));
    return Math.min(this.units - 1, Math.max(0, rank));
  }

  private place(from: number, span: number): void {
    // Whole ranks, so that their rows keep their edges while one scrolls.
    this.from = Math.round(Math.min(this.units - span, Math.max(0, from)));
    this.to = Math.min(this.units, this.from + Math.round(span));
  }
}

/** Fewer units than this need no picture of their own. */
const fewest = 4;
