import type { Tensor as OrtTensor } from 'onnxruntime-node';
import { drawOnes } from '../../core/chance';
import type { TrainingGraph } from '../../core/model/trainingGraph';
import { streams } from '../../core/random';
import { sizeOf } from '../../core/tensor';
import { toOrt, type Values } from '../session/session';
import type { PassOrder } from './pass';

/** Numbers that are drawn for each pass: a one with `probability` for each element. */
interface Chance {
  readonly drawn: Uint8Array;
  /** Where a graph wants floats, what is drawn is copied into them. */
  readonly floats: Float32Array | null;
  readonly purpose: typeof streams.dropout | typeof streams.teacher;
  /** Null where it changes from pass to pass. */
  readonly probability: number | null;
}

/** What passes are fed besides sequences and state: scalars, and what is drawn. The buffers are made once. */
export class PassInputs {
  private constructor(
    private readonly graph: TrainingGraph,
    private readonly seed: number,
    private readonly scalars: ReadonlyMap<string, Float32Array>,
    private readonly chances: readonly Chance[],
    readonly feeds: Values,
  ) {}

  /** Buffers for as many passes as the graph takes in a run. */
  static async open(graph: TrainingGraph, seed: number): Promise<PassInputs> {
    const axis = graph.steps > 1 ? [graph.steps] : [];
    const feeds: Record<string, OrtTensor> = {};
    const scalars = new Map<string, Float32Array>();
    for (const name of Object.keys(graph.scalars(1, 1))) {
      const data = new Float32Array(graph.steps);
      scalars.set(name, data);
      feeds[name] = await toOrt({ dtype: 'float32', shape: axis, data });
    }
    const chances: Chance[] = [];
    for (const { name, dtype, shape, probability } of graph.noise) {
      const drawn = new Uint8Array(graph.steps * sizeOf(shape));
      chances.push({ drawn, floats: null, purpose: streams.dropout, probability: 1 - probability });
      feeds[name] = await toOrt({ dtype, shape: [...axis, ...shape], data: drawn });
    }
    if (graph.teacher !== null) {
      const { name, dtype, shape } = graph.teacher;
      const reads = new Float32Array(graph.steps * sizeOf(shape));
      chances.push({ drawn: new Uint8Array(reads.length), floats: reads, purpose: streams.teacher, probability: null });
      feeds[name] = await toOrt({ dtype, shape: [...axis, ...shape], data: reads });
    }
    return new PassInputs(graph, seed, scalars, chances, feeds);
  }

  /** Sets what pass `place` of a run, from 0, is fed. */
  set(place: number, { step, learningRate, share, number, truthful }: PassOrder): void {
    for (const [name, value] of Object.entries(this.graph.scalars(step, learningRate, share))) {
      const scalar = this.scalars.get(name);
      if (scalar !== undefined) scalar[place] = value;
    }
    for (const [index, { drawn, floats, purpose, probability }] of this.chances.entries()) {
      const size = drawn.length / this.graph.steps;
      const own = drawn.subarray(place * size, (place + 1) * size);
      drawOnes(own, probability ?? truthful, { seed: this.seed, purpose, index, time: number });
      floats?.set(own, place * size);
    }
  }
}
