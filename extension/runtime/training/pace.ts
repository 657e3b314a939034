const progressEveryMs = 100;
const checkpointEveryMs = 2000;
// A checkpoint waits for the disk: of a big model it must not take more than this fraction of the time.
const checkpointShare = 0.05;

/** The times of a training: how long it has run, how long it will, and what is due. */
export class Pace {
  private startedAt = performance.now();
  private progressAt = Number.NEGATIVE_INFINITY;
  private checkpointAt = performance.now() + checkpointEveryMs;

  /**
   * @param before seconds of training before this sitting.
   * @param firstPass passes made before it.
   */
  constructor(
    private readonly before: number,
    private readonly firstPass: number,
  ) {}

  /** Seconds of training in all, without interruptions and pauses. */
  seconds(): number {
    return this.before + (performance.now() - this.startedAt) / 1000;
  }

  secondsLeft(pass: number, passes: number): number | null {
    const done = pass - this.firstPass;
    return done === 0 ? null : ((this.seconds() - this.before) / done) * (passes - pass);
  }

  pause(wait: () => void): void {
    const from = performance.now();
    wait();
    this.startedAt += performance.now() - from;
  }

  isProgressDue(): boolean {
    const now = performance.now();
    if (now - this.progressAt < progressEveryMs) return false;
    this.progressAt = now;
    return true;
  }

  isCheckpointDue(): boolean {
    return performance.now() >= this.checkpointAt;
  }

  saved(tookMs: number): void {
    this.checkpointAt = performance.now() + Math.max(checkpointEveryMs, tookMs / checkpointShare);
  }
}
