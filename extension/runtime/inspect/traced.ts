import { halfToNumber } from '../../core/half';
import type { TracedLayer } from '../../core/trace/tracedLayer';
import type { TracedModel } from '../../core/trace/traceModel';
import { UnrollError } from '../../protocol/errors';
import type { Trace, TraceLayer } from '../../protocol/trace';
import type { Session, Values } from '../session/session';

// Of the largest value: float32 in another order of summation stays far below this, a wrong equation far above.
const tolerance = 1e-3;

type Value = Values[string];

/**
 * Runs a traced model and takes out what went through its recurrences for one item of the batch, from 0. The lowered cell's h is
 * compared with what the model's own operator gave, for the whole batch.
 * @throws UnrollError `model` where the two disagree, since then nothing that could be shown is true; `usage` for an item that is not there.
 */
export async function runTraced(
  session: Session,
  { layers, outputs: own }: TracedModel,
  feeds: Values,
  item: number,
): Promise<Omit<Trace, 'inputs'>> {
  const values = await session.run(feeds);
  const outputs = own.flatMap((name) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined ? [] : [{ name, shape: value.dims, values: numbersOf(value) }];
  });
  const traced = layers.map((layer) => takeLayer(layer, values, item));
  return { steps: traced[0]?.steps ?? 0, layers: traced.map(({ layer }) => layer), outputs };
}

function takeLayer(layer: TracedLayer, values: Values, item: number): { layer: TraceLayer; steps: number } {
  const { node, op, direction, states, equations } = layer;
  const compared = layer.signals.find(({ name }) => name === layer.fused.signal);
  const [steps, batch, hidden] = dimsOf(values[compared?.output ?? '']);
  if (item >= batch) {
    throw new UnrollError('usage', 'There is no item {0}: the batch has {1}, counted from 0.', item, batch);
  }
  const signals = layer.signals.map(({ name, range, output }) => {
    const all = numbersOf(values[output]);
    // In a loop of anybody's a signal may be of another size than the state, or the same for the whole batch.
    const [length, items, units] = dimsOf(values[output]);
    if (items === 1) return { name, range, units, values: all };
    const chosen = new Float32Array(length * units);
    for (let step = 0; step < length; step++) {
      const from = (step * items + Math.min(item, items - 1)) * units;
      chosen.set(all.subarray(from, from + units), step * units);
    }
    return { name, range, units, values: chosen };
  });
  const difference = compare(layer, values, [steps, batch, hidden]);
  return { layer: { node, op, direction, hidden, states, equations, signals, difference }, steps };
}

/** Largest absolute difference between the layer's output `[T, batch, hidden]` and the operator's Y `[T, directions, batch, hidden]`. */
function compare(
  layer: TracedLayer,
  values: Values,
  [steps, batch, hidden]: readonly [number, number, number],
): number {
  const h = numbersOf(values[layer.signals.find(({ name }) => name === layer.fused.signal)?.output ?? '']);
  const y = numbersOf(values[layer.fused.output]);
  const block = batch * hidden;
  const directions = steps === 0 ? 1 : y.length / (steps * block);
  let difference = 0;
  let largest = 1;
  for (let step = 0; step < steps; step++) {
    const start = (step * directions + layer.fused.direction) * block;
    for (let at = 0; at < block; at++) {
      const expected = y[start + at] ?? Number.NaN;
      // NaN must not pass for agreement, and max() would keep it while a comparison would drop it.
      difference = Math.max(difference, Math.abs((h[step * block + at] ?? Number.NaN) - expected));
      largest = Math.max(largest, Math.abs(expected));
    }
  }
  if (difference <= tolerance * largest) return difference;
  throw new UnrollError(
    'model',
    'The hidden state of {0} ({1}) computed step by step differs by {2} from what the model computes, so it is not shown; please report this model.',
    layer.node,
    layer.op,
    difference,
  );
}

function dimsOf(value: Value | undefined): [number, number, number] {
  const [steps = 0, batch = 0, units = 0] = value?.dims ?? [];
  return [steps, batch, units];
}

/** The elements of any tensor of numbers as float32, which is what can be drawn. */
export function numbersOf(value: Value | undefined): Float32Array {
  if (value?.data instanceof Float32Array) return value.data;
  // Half-precision numbers come as numbers where the language has an array of them, else as their bits.
  const read = value?.type === 'float16' && value.data instanceof Uint16Array ? halfToNumber : Number;
  return Float32Array.from((value?.data ?? []) as ArrayLike<number>, read);
}
