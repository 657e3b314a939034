import type { LagNorms } from '../../protocol/run';
import type { Values } from '../session/session';

/** What is measured, and what may be let go of. */
export interface Measure {
  measure(parameters: Values): Promise<LagNorms[]>;
  release(): Promise<void>;
}

/** Of the time that a training takes, what may be spent on watching it. */
const share = 0.05;
/** Milliseconds between two measurements: nobody sees more, and what is kept of a long training must not grow with it. */
const closest = 500;
const growing = 1 / 50;

/**
 * Decides after which epochs the gradient through time is measured: the first and the last of a sitting always, those between them as long
 * as all of it takes no more than a twentieth of the training's time. Watching never changes what it watches, and never ends it: where it
 * fails, as for lack of memory, it is left off.
 */
export class LagWatch {
  private measure: Measure | null = null;
  private failed = false;
  private readonly began: number;
  private measuredAt = 0;
  private spent = 0;
  private lately = 0;

  /** @param now milliseconds. */
  constructor(
    private readonly open: () => Promise<Measure>,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.began = now();
  }

  /** To be called after each epoch; null where nothing was measured. */
  async epoch(parameters: Values, isLast: boolean): Promise<LagNorms[] | null> {
    if (this.failed || !(isLast || this.isDue())) return null;
    const from = this.now();
    try {
      this.measure ??= await this.open();
      const opened = this.now();
      const lags = await this.measure.measure(parameters);
      this.measuredAt = this.now();
      this.lately = this.measuredAt - opened;
      return lags.length === 0 ? null : lags;
    } catch {
      this.failed = true;
      return null;
    } finally {
      this.spent += this.now() - from;
    }
  }

  async release(): Promise<void> {
    await this.measure?.release();
    this.measure = null;
  }

  private isDue(): boolean {
    if (this.measure === null) return true;
    const passed = this.now() - this.began;
    const isAffordable = this.spent + this.lately <= share * passed;
    return isAffordable && this.now() - this.measuredAt >= Math.max(closest, growing * passed);
  }
}
