/** Something to fetch. `key` says what; two jobs of the same key are the same. */
export interface Job {
  readonly key: string;
  readonly run: () => Promise<void>;
}

/**
 * Fetches one thing at a time. Each place that wishes for things has a list of its own, which its next list replaces: while a
 * pointer moves on, what it passed over is never asked for. Places take turns, so that none waits for another's whole list.
 */
export class Lane {
  private readonly waiting = new Map<string, readonly Job[]>();
  private current: string | null = null;
  private closed = false;

  constructor(private readonly failed: (error: unknown) => void) {}

  /** Replaces what `place` waits for. */
  want(place: string, jobs: readonly Job[]): void {
    if (this.closed) return;
    if (jobs.length === 0) this.waiting.delete(place);
    else this.waiting.set(place, jobs);
    if (this.current === null) void this.work();
  }

  close(): void {
    this.closed = true;
    this.waiting.clear();
  }

  private next(): Job | null {
    for (const [place, [first, ...rest]] of this.waiting) {
      // Deleted and set again, a place stands behind the others.
      this.waiting.delete(place);
      if (rest.length > 0) this.waiting.set(place, rest);
      if (first !== undefined) return first;
    }
    return null;
  }

  private async work(): Promise<void> {
    for (let job = this.next(); job !== null; job = this.next()) {
      this.current = job.key;
      try {
        await job.run();
      } catch (error) {
        if (!this.closed) this.failed(error);
      }
      this.current = null;
    }
  }
}
