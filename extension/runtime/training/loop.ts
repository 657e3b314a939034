import { permutation } from '../../core/random';
import { shouldStop } from '../../core/schedules/earlyStopping';
import { learningRate } from '../../core/schedules/learningRate';
import type { Experiment } from '../../protocol/experiment';
import type { EpochMetrics, Progress } from '../../protocol/run';
import type { CheckpointReason, Position } from '../runs/checkpoint';
import { diverged } from './divergence';
import type { TrainableModel } from './model';
import { Pace } from './pace';
import { isFinitePass, type PassOrder, type PassResult } from './pass';
import { EpochPlan } from './plan';
import type { EndWish, Wish } from './wish';

/** What the loop needs of the world around it. */
export interface Surroundings {
  /** Asked before every pass. */
  wish(): Wish;
  /** Returns when the wish is not `pause` any more. */
  waitWhilePaused(): void;
  save(position: Position, reason: CheckpointReason): void;
  /** `isLast`: there is no further epoch. */
  onEpoch(metrics: EpochMetrics, isLast: boolean): Promise<void>;
  onProgress(progress: Progress): void;
}

export const beginning: Position = {
  epoch: 0,
  pass: 0,
  step: 0,
  seconds: 0,
  sums: { loss: 0, mass: 0, gradientNorm: 0, steps: 0 },
  lastNorm: null,
  best: null,
  validationLosses: [],
};

const ends = { stop: 'stopped', interrupt: 'interrupted', close: 'closed' } as const satisfies Record<EndWish, unknown>;

/** Where the loop came to and why it ended. */
export interface LoopEnd {
  readonly kind: 'finished' | 'stopped' | 'interrupted' | 'closed';
  readonly position: Position;
}

/**
 * Trains from `start` to the last epoch, to the one after which there is nothing to be gained any more, or until somebody wishes an
 * end. What follows from a position depends on that position and the model's state alone, so a training that is broken off and goes on
 * from a checkpoint gives the same bits as one that ran through.
 * @param windows sequences in the training part.
 * @throws UnrollError `experiment` where a number is not finite any more; the last checkpoint then still stands.
 */
export async function trainLoop(
  model: TrainableModel,
  windows: number,
  experiment: Experiment,
  start: Position,
  around: Surroundings,
): Promise<LoopEnd> {
  const { training } = experiment;
  const { epochs, batch, seed } = training;
  const plan = new EpochPlan(windows, model.stretches, training);
  const pace = new Pace(start.seconds, start.epoch * plan.passes + start.pass);
  let at = start;
  let paused = false;

  const rateAt = ({ step, epoch, validationLosses }: Position) =>
    learningRate(training.schedule, training.optimizer.learningRate, {
      step,
      steps: plan.steps * epochs,
      epoch,
      validationLosses,
    });
  const refuse = async (stretch: number) =>
    diverged(experiment, {
      step: at.step + 1,
      epoch: at.epoch + 1,
      layer: await model.brokenLayer(stretch),
      lastNorm: at.lastNorm,
      learningRate: rateAt(at),
    });
  const save = async (reason: CheckpointReason) => {
    if (!model.isFinite()) throw await refuse(0);
    const before = performance.now();
    at = { ...at, seconds: pace.seconds() };
    around.save(at, reason);
    pace.saved(performance.now() - before);
  };

  while (at.epoch < epochs && !isOver(at, training)) {
    const order = permutation(windows, seed, at.epoch);
    while (at.pass < plan.passes) {
      const wish = around.wish();
      if (wish === 'pause') {
        paused = true;
        await save('paused');
        pace.pause(() => around.waitWhilePaused());
        continue;
      }
      if (wish !== 'run') {
        const kind = ends[wish];
        // A run that its user had paused stays paused in the next window.
        await save(kind === 'closed' && paused ? 'paused' : kind);
        return { kind, position: at };
      }
      const count = plan.passes - at.pass >= model.groupSize ? model.groupSize : 1;
      const orders = ordersFrom(at, count, (position) => {
        const { batch: index, stretch, share } = plan.pass(position.pass);
        return {
          windows: order.subarray(index * batch, (index + 1) * batch),
          batch: at.epoch * plan.batches + index,
          stretch,
          number: at.epoch * plan.passes + position.pass,
          step: position.step + 1,
          learningRate: rateAt(position),
          share,
          truthful: truthfulness(training, at.epoch),
        };
      });
      for (const [i, done] of (await model.passes(orders)).entries()) {
        const { stretch = 0, share = null } = orders[i] ?? {};
        if (!isFinitePass(done)) throw await refuse(stretch);
        at = advance(at, done, share !== null);
      }
      paused = false;
      if (pace.isProgressDue()) {
        const secondsLeft = pace.secondsLeft(at.epoch * plan.passes + at.pass, plan.passes * epochs);
        around.onProgress({ epoch: at.epoch + 1, epochs, step: at.pass, steps: plan.passes, secondsLeft });
      }
      if (pace.isCheckpointDue()) await save('running');
    }
    const validation = await model.evaluate('validation');
    const loss = validation?.loss ?? null;
    if (!Number.isFinite(loss ?? 0) || !model.isFinite()) throw await refuse(0);
    // Without a validation part the last parameters are the best.
    if (isBetter(loss, at.best)) model.keepBest();
    const metrics: EpochMetrics = {
      epoch: at.epoch + 1,
      step: at.step,
      trainLoss: at.sums.loss / at.sums.mass,
      validationLoss: loss,
      validation: validation?.metrics ?? null,
      learningRate: rateAt({ ...at, step: at.step - 1 }),
      gradientNorm: at.sums.gradientNorm / at.sums.steps,
      seconds: pace.seconds(),
    };
    at = startEpoch(at, metrics);
    await around.onEpoch(metrics, at.epoch >= epochs || isOver(at, training));
  }
  await save('running');
  return { kind: 'finished', position: at };
}

/** The orders of the next passes, each made from the position that it is for. */
function ordersFrom(at: Position, count: number, orderAt: (position: Position) => PassOrder): PassOrder[] {
  const orders: PassOrder[] = [];
  let position = at;
  while (orders.length < count) {
    const order = orderAt(position);
    orders.push(order);
    position = { ...position, pass: position.pass + 1, step: position.step + (order.share === null ? 0 : 1) };
  }
  return orders;
}

function advance(at: Position, { loss, mass, gradientNorm }: PassResult, completes: boolean): Position {
  const { sums } = at;
  return {
    ...at,
    pass: at.pass + 1,
    step: at.step + (completes ? 1 : 0),
    lastNorm: gradientNorm,
    sums: {
      loss: sums.loss + loss * mass,
      mass: sums.mass + mass,
      gradientNorm: sums.gradientNorm + (completes ? gradientNorm : 0),
      steps: sums.steps + (completes ? 1 : 0),
    },
  };
}

function startEpoch(at: Position, { epoch, validationLoss, seconds }: EpochMetrics): Position {
  const best = isBetter(validationLoss, at.best) ? { epoch, validationLoss } : at.best;
  const validationLosses = validationLoss === null ? at.validationLosses : [...at.validationLosses, validationLoss];
  return { ...at, epoch, pass: 0, seconds, sums: beginning.sums, best, validationLosses };
}

const isBetter = (loss: number | null, best: Position['best']) =>
  best === null || loss === null || best.validationLoss === null || loss < best.validationLoss;

/** Whether the validation loss has not become better for as long as the experiment wants to wait. */
const isOver = ({ validationLosses }: Position, { earlyStopping }: Experiment['training']) =>
  earlyStopping !== null && shouldStop(validationLosses, earlyStopping);

/** How probably a recursive decoder reads the truth: on a line from the first epoch to the last. */
function truthfulness({ epochs, teacherForcing: { start, end } }: Experiment['training'], epoch: number): number {
  return epochs === 1 ? start : start + ((end - start) * epoch) / (epochs - 1);
}
