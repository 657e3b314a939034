import { buildLagGraph, type LagGraph } from '../../core/model/lagGraph';
import { chooseOrigins, lagNorms } from '../../core/model/lags';
import { type ModelSpec, modelSpec } from '../../core/model/spec';
import { at } from '../../core/ops/arguments';
import type { PreparedData } from '../../data/prepared';
import type { Experiment } from '../../protocol/experiment';
import { type LagNorms, mostLags } from '../../protocol/run';
import { type Device, openSession, type Session, type Values } from '../session/session';
import { type BatchTensors, newBatchTensors } from './batchTensors';

const mostSequences = 32;
/** Sequences that are measured even where a batch is small. */
const fewSequences = 4;
/** Steps of all sequences together: what they hold is to be little beside what a batch of training holds. */
const mostSteps = 2048;
const digits = 4;

/**
 * Measures how far back the loss reaches in a model that trains, on the same few sequences each time: the first of the validation part, or
 * of the training part where that is empty. Where training goes in stretches, it is measured within the first of them, since no gradient
 * goes further.
 */
export class LagProbe {
  private constructor(
    private readonly spec: ModelSpec,
    private readonly size: number,
    private readonly graph: LagGraph,
    private readonly session: Session,
    private readonly sequences: BatchTensors,
    private readonly refill: () => void,
  ) {}

  static async open(experiment: Experiment, data: PreparedData, device: Device): Promise<LagProbe> {
    const { batch, truncate } = experiment.training;
    const whole = modelSpec(experiment, data.shape);
    const spec =
      truncate === null || truncate >= whole.steps ? whole : modelSpec(experiment, { ...data.shape, steps: truncate });
    const part = data.windows.validation > 0 ? 'validation' : 'train';
    const roomy = Math.max(1, Math.floor(mostSteps / spec.steps));
    const wanted = Math.min(mostSequences, Math.max(fewSequences, Math.ceil(batch / 4)));
    const size = Math.min(wanted, roomy, batch, data.windows[part]);
    const graph = buildLagGraph(spec, size);
    const session = await openSession(graph.bytes, device);
    const sequences = await newBatchTensors(whole, spec, size);
    const indices = Uint32Array.from({ length: size }, (_, index) => index);
    return new LagProbe(spec, size, graph, session, sequences, () => {
      data.fill(part, indices, size, sequences.batch);
    });
  }

  /**
   * The norms of every state that the loss depends on at more than one step.
   * @param parameters the feed of that name.
   */
  async measure(parameters: Values): Promise<LagNorms[]> {
    const found: LagNorms[] = [];
    for (const reverse of [false, true]) {
      const states = this.graph.states.filter((state) => state.reverse === reverse && state.norms !== null);
      if (states.length === 0) continue;
      this.refill();
      const { batch } = this.sequences;
      const origins = chooseOrigins(this.spec, { ...batch, size: this.size, steps: this.spec.steps }, reverse);
      this.sequences.settle();
      const feeds = { ...this.sequences.stretches[0], ...parameters };
      const values = await this.session.run(
        feeds,
        states.flatMap(({ norms }) => norms ?? []),
      );
      for (const state of states) {
        const norms = lagNorms(state, numbersOf(values[state.norms ?? '']?.data), origins);
        // A number that is none ends the training by itself; there is nothing to show of it.
        if (norms.length < 2 || !norms.every(Number.isFinite)) continue;
        found.push({
          layer: state.layer,
          direction: reverse ? 'reverse' : 'forward',
          state: state.state,
          reach: (norms.length - 1) * state.every,
          norms: chosen(norms).map((norm) => Number(norm.toPrecision(digits))),
        });
      }
    }
    return found.sort((a, b) => a.layer - b.layer);
  }

  release(): Promise<void> {
    return this.session.release();
  }
}

/** At most as many norms as are told, the first and the last among them. */
function chosen(norms: readonly number[]): number[] {
  const count = Math.min(norms.length, mostLags);
  return Array.from({ length: count }, (_, i) => at(norms, Math.round((i * (norms.length - 1)) / (count - 1))));
}

const numbersOf = (data: unknown): Float32Array => (data instanceof Float32Array ? data : new Float32Array(0));
