import type { Tensor as OrtTensor } from 'onnxruntime-node';
import { type Placed, views } from '../../core/model/layout';
import type { Parameters } from '../../core/model/parameters';
import type { StateTensor } from '../../core/model/trainingGraph';
import { sizeOf } from '../../core/tensor';
import type { StoredTensor } from '../runs/safetensors';
import { toOrt, type Values } from '../session/session';

type Entry = StateTensor & { readonly data: Float32Array; readonly tensor: OrtTensor };

/**
 * One of two sets of what a step reads and replaces. A step reads one set and writes the other: onnxruntime may write an output before
 * the last reader of an input has run, so a step that replaced the state in place would depend on the order of the graph's nodes.
 */
export class StateSet {
  /** The tensors by the names that they are fed under. */
  readonly feeds: Values;
  /** The tensors by the names that they are fetched under, in a step that reads the other set. */
  readonly fetches: Values;
  /** The parameters by name; they share the memory of the state. */
  readonly parameters: Parameters;
  /** What a checkpoint must hold, each parameter and its moments under names of their own; the same memory again. */
  readonly stored: ReadonlyMap<string, StoredTensor>;

  private constructor(
    private readonly entries: readonly Entry[],
    layout: readonly Placed[],
  ) {
    this.feeds = Object.fromEntries(entries.map(({ input, tensor }) => [input, tensor]));
    this.fetches = Object.fromEntries(entries.map(({ output, tensor }) => [output, tensor]));
    const parameters = entries.find(({ kind }) => kind === 'parameters');
    this.parameters = views(parameters?.data ?? new Float32Array(0), layout);
    this.stored = new Map(entries.flatMap((entry) => storedParts(entry, layout)));
  }

  /** A new set of zeros. */
  static async open(state: readonly StateTensor[], layout: readonly Placed[]): Promise<StateSet> {
    const entries = state.map(async (entry): Promise<Entry> => {
      const data = new Float32Array(sizeOf(entry.shape));
      return { ...entry, data, tensor: await toOrt({ dtype: 'float32', shape: entry.shape, data }) };
    });
    return new StateSet(await Promise.all(entries), layout);
  }

  /** Lets sequences begin anew: what is carried from stretch to stretch becomes zero. */
  forgetSequences(): void {
    for (const { kind, data } of this.entries) if (kind === 'carried') data.fill(0);
  }

  /** Whether every number is finite, as it must be wherever training is to go on. */
  isFinite(): boolean {
    let nothing = 0;
    // What is finite leaves zero; everything else leaves no number.
    for (const { data } of this.entries) for (const value of data) nothing += value - value;
    return nothing === 0;
  }
}

function storedParts({ input, kind, shape, data }: Entry, layout: readonly Placed[]): [string, StoredTensor][] {
  if (kind === 'carried') return [[input, { shape, data }]];
  const prefix = kind === 'parameters' ? '' : `${input}.`;
  return layout.map(({ name, shape: own, offset, size }) => [
    `${prefix}${name}`,
    { shape: own, data: data.subarray(offset, offset + size) },
  ]);
}
