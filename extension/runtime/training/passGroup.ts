import type { Tensor as OrtTensor } from 'onnxruntime-node';
import { batchFeeds, presentFeeds } from '../../core/model/feeds';
import type { ModelSpec } from '../../core/model/spec';
import { buildTrainingGraph, type StateTensor, type TrainingOptions } from '../../core/model/trainingGraph';
import { sizeOf } from '../../core/tensor';
import { type Batch, newBatch } from '../../data/batch';
import type { PreparedData } from '../../data/prepared';
import { type Device, openSession, type Session, toOrt, type Values } from '../session/session';
import type { PassOrder, PassResult } from './pass';
import { PassInputs } from './passInputs';
import type { StateSet } from './trainingState';

/**
 * Several passes in one run of a graph, for devices that a state would have to be copied to and from for every run. They give the same
 * bits as one after another.
 */
export class PassGroup {
  private constructor(
    readonly size: number,
    /** What a run reads and replaces. */
    readonly state: readonly StateTensor[],
    private readonly batch: number,
    private readonly session: Session,
    private readonly inputs: PassInputs,
    /** Each pass's part of what is fed. */
    private readonly batches: readonly Batch[],
    private readonly feeds: Values,
    private readonly results: Readonly<Record<keyof PassResult, OrtTensor>>,
  ) {}

  static async open(
    spec: ModelSpec,
    options: TrainingOptions,
    seed: number,
    device: Device,
    size: number,
  ): Promise<PassGroup> {
    const graph = buildTrainingGraph(spec, { ...options, steps: size });
    const session = await openSession(graph.bytes, device);
    const layout = batchFeeds(spec, options.batch);
    const batches = Array.from({ length: size }, () => newBatch(layout));
    const feeds: Record<string, OrtTensor> = {};
    for (const { name, dtype, shape } of presentFeeds(layout)) {
      const length = sizeOf(shape);
      const data = dtype === 'int32' ? new Int32Array(size * length) : new Float32Array(size * length);
      for (const [place, batch] of batches.entries()) {
        Object.assign(batch, { [name]: data.subarray(place * length, (place + 1) * length) });
      }
      feeds[name] = await toOrt({ dtype, shape: [size, ...shape], data });
    }
    const numbers = () => toOrt({ dtype: 'float32', shape: [size], data: new Float32Array(size) });
    const results = { loss: await numbers(), mass: await numbers(), gradientNorm: await numbers() };
    const inputs = await PassInputs.open(graph, seed);
    return new PassGroup(size, graph.state, options.batch, session, inputs, batches, feeds, results);
  }

  /** Makes as many passes as the group holds, from the state of one set into the other. */
  async run(data: PreparedData, orders: readonly PassOrder[], from: StateSet, into: StateSet): Promise<PassResult[]> {
    for (const [place, order] of orders.entries()) {
      const batch = this.batches[place];
      if (batch !== undefined) data.fill('train', order.windows, this.batch, batch);
      this.inputs.set(place, order);
    }
    const values = await this.session.run(
      { ...this.feeds, ...this.inputs.feeds, ...from.feeds },
      { ...this.results, ...into.fetches },
    );
    const number = (name: keyof PassResult, place: number) => Number(values[name]?.data[place] ?? Number.NaN);
    return orders.map((_, place) => ({
      loss: number('loss', place),
      mass: number('mass', place),
      gradientNorm: number('gradientNorm', place),
    }));
  }

  release(): Promise<void> {
    return this.session.release();
  }
}
