import { permutation } from '../../core/random';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import type { EpochMetrics, Progress } from '../../protocol/run';
import type { CheckpointReason, Position } from '../runs/checkpoint';
import type { Step, TrainableModel } from './model';
import type { EndWish, Wish } from './wish';

const progressEveryMs = 100;
const checkpointEveryMs = 2000;
// A checkpoint waits for the disk: of a big model it must not take more than this fraction of the time.
const checkpointShare = 0.05;

/** What the loop needs of the world around it. */
export interface Surroundings {
  /** Asked before every step. */
  wish(): Wish;
  /** Returns when the wish is not `pause` any more. */
  waitWhilePaused(): void;
  save(position: Position, reason: CheckpointReason): void;
  onEpoch(metrics: EpochMetrics): void;
  onProgress(progress: Progress): void;
}

export const beginning: Position = {
  epoch: 0,
  batch: 0,
  step: 0,
  seconds: 0,
  sums: { loss: 0, gradientNorm: 0, windows: 0 },
  best: null,
};

const ends = { stop: 'stopped', interrupt: 'interrupted', close: 'closed' } as const satisfies Record<EndWish, unknown>;

/** Where the loop came to and why it ended. */
export interface LoopEnd {
  readonly kind: 'finished' | 'stopped' | 'interrupted' | 'closed';
  readonly position: Position;
}

/**
 * Trains from `start` to the last epoch, or until somebody wishes an end. What follows from a position depends on that position and
 * the model's state alone, so a training that is broken off and goes on from a checkpoint gives the same bits as one that ran through.
 * @throws UnrollError `experiment` where the loss is not a number any more.
 */
export async function trainLoop(
  model: TrainableModel,
  windows: number,
  { epochs, batch, seed, optimizer }: Experiment['training'],
  start: Position,
  around: Surroundings,
): Promise<LoopEnd> {
  const steps = Math.ceil(windows / batch);
  const pace = new Pace(start);
  let at = start;
  let paused = false;
  const save = (reason: CheckpointReason) => {
    const before = performance.now();
    at = { ...at, seconds: pace.seconds() };
    around.save(at, reason);
    pace.saved(performance.now() - before);
  };

  while (at.epoch < epochs) {
    const order = permutation(windows, seed, at.epoch);
    while (at.batch < steps) {
      const wish = around.wish();
      if (wish === 'pause') {
        paused = true;
        save('paused');
        pace.pause(() => around.waitWhilePaused());
        continue;
      }
      if (wish !== 'run') {
        const kind = ends[wish];
        // A run that its user had paused stays paused in the next window.
        save(kind === 'closed' && paused ? 'paused' : kind);
        return { kind, position: at };
      }
      const chosen = order.subarray(at.batch * batch, (at.batch + 1) * batch);
      const done = await model.step(chosen, at.step + 1, optimizer.learningRate);
      refuseDivergence(at, done.loss, done.gradientNorm);
      at = advance(at, done, chosen.length);
      paused = false;
      if (pace.isProgressDue()) {
        const secondsLeft = pace.secondsLeft(at.step, steps * epochs);
        around.onProgress({ epoch: at.epoch + 1, epochs, step: at.batch, steps, secondsLeft });
      }
      if (pace.isCheckpointDue()) save('running');
    }
    const metrics = await endEpoch(model, at, optimizer.learningRate, () => pace.seconds());
    at = startEpoch(at, metrics);
    around.onEpoch(metrics);
  }
  save('running');
  return { kind: 'finished', position: at };
}

function advance(at: Position, { loss, gradientNorm }: Step, windows: number): Position {
  return {
    ...at,
    batch: at.batch + 1,
    step: at.step + 1,
    sums: {
      loss: at.sums.loss + loss * windows,
      gradientNorm: at.sums.gradientNorm + gradientNorm * windows,
      windows: at.sums.windows + windows,
    },
  };
}

/** Validates, and keeps the parameters where they are the best so far; without a validation part the last ones are the best. */
async function endEpoch(
  model: TrainableModel,
  at: Position,
  learningRate: number,
  seconds: () => number,
): Promise<EpochMetrics> {
  const { epoch, step, sums, best } = at;
  const validation = await model.evaluate('validation');
  if (validation !== null) refuseDivergence(at, validation.loss, validation.rmse);
  if (isBetter(validation?.loss ?? null, best)) model.keepBest();
  return {
    epoch: epoch + 1,
    step,
    trainLoss: sums.loss / sums.windows,
    validationLoss: validation?.loss ?? null,
    validationRmse: validation?.rmse ?? null,
    learningRate,
    gradientNorm: sums.gradientNorm / sums.windows,
    seconds: seconds(),
  };
}

function startEpoch(at: Position, { epoch, validationLoss, seconds }: EpochMetrics): Position {
  const best = isBetter(validationLoss, at.best) ? { epoch, validationLoss } : at.best;
  return { ...at, epoch, batch: 0, seconds, sums: beginning.sums, best };
}

const isBetter = (loss: number | null, best: Position['best']) =>
  best === null || loss === null || best.validationLoss === null || loss < best.validationLoss;

function refuseDivergence({ step, epoch }: Position, ...values: readonly number[]): void {
  if (values.every(Number.isFinite)) return;
  throw new UnrollError(
    'experiment',
    'Training diverged near step {0} (epoch {1}): the loss is no finite number any more; train again with a lower learning rate or a smaller clipNorm.',
    step + 1,
    epoch + 1,
  );
}

/** The times of a training: how long it has run, how long it will, and what is due. */
class Pace {
  private readonly firstStep: number;
  private readonly before: number;
  private startedAt = performance.now();
  private progressAt = Number.NEGATIVE_INFINITY;
  private checkpointAt = performance.now() + checkpointEveryMs;

  constructor(start: Position) {
    this.firstStep = start.step;
    this.before = start.seconds;
  }

  /** Seconds of training in all, without interruptions and pauses. */
  seconds(): number {
    return this.before + (performance.now() - this.startedAt) / 1000;
  }

  secondsLeft(step: number, steps: number): number | null {
    const done = step - this.firstStep;
    return done === 0 ? null : ((this.seconds() - this.before) / done) * (steps - step);
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
