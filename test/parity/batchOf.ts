import type { ModelSpec } from '../../extension/core/model/spec';
import { at } from '../../extension/core/ops/arguments';
import { type FloatType, floats, int32s, type Tensor } from '../../extension/core/tensor';
import type { StoredBatch, StoredTensor } from './referenceCase';

/** A batch of PyTorch's, batch first, as the feeds of a training graph, batch last. */
export function batchOf(spec: ModelSpec, { x, y, lengths }: StoredBatch, dtype: FloatType): Record<string, Tensor> {
  const { steps, input } = spec;
  const batch = at(x.shape, 0);
  const ends = lengths?.data ?? new Array<number>(batch).fill(steps);
  const isStep = everyPlace(steps, batch, (t, n) => (t < at(ends, n) ? 1 : 0));
  return {
    x: input.kind === 'tokens' ? whole([1, 0], x) : real(dtype, [1, 2, 0], x),
    ...answers(spec, y, ends, dtype),
    ...(spec.masked && { mask: floats(dtype, [steps, batch], isStep) }),
  };
}

/**
 * What is to be answered, and where. A model that reads every step but is asked once in a sequence gets the answer everywhere and is
 * weighed where the sequence ends: in this way PyTorch's reverse direction can read padding, as it does where nothing is packed.
 */
function answers(
  { steps, targets, target, pooling }: ModelSpec,
  y: StoredTensor,
  ends: readonly number[],
  dtype: FloatType,
) {
  const batch = ends.length;
  const perStep = y.data.length === batch * steps * (target === 'values' ? targets : 1) && at(y.shape, 1) === steps;
  if (pooling !== 'every') {
    const flat = { ...y, shape: target === 'values' ? [batch, targets] : [batch] };
    return {
      y: target === 'values' ? real(dtype, [1, 0], flat) : whole([0], flat),
      weight: floats(dtype, [batch], new Array(batch).fill(1)),
    };
  }
  const width = target === 'values' ? targets : 1;
  const value = (t: number, k: number, n: number) => at(y.data, perStep ? (n * steps + t) * width + k : n * width + k);
  const values = Array.from({ length: steps }, (_, t) =>
    Array.from({ length: width }, (__, k) => Array.from({ length: batch }, (___, n) => value(t, k, n))),
  ).flat(2);
  const counts = (t: number, n: number) => (perStep ? t < at(ends, n) : t === at(ends, n) - 1);
  return {
    y: target === 'values' ? floats(dtype, [steps, targets, batch], values) : int32s([steps, batch], values),
    weight: floats(
      dtype,
      [steps, batch],
      everyPlace(steps, batch, (t, n) => (counts(t, n) ? 1 : 0)),
    ),
  };
}

const everyPlace = (steps: number, batch: number, value: (step: number, item: number) => number) =>
  Array.from({ length: steps * batch }, (_, i) => value(Math.floor(i / batch), i % batch));

const real = (dtype: FloatType, perm: readonly number[], stored: StoredTensor) =>
  floats(dtype, ...transposed(perm, stored));
const whole = (perm: readonly number[], stored: StoredTensor) => int32s(...transposed(perm, stored));

function transposed(perm: readonly number[], { shape, data }: StoredTensor): [shape: number[], values: number[]] {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((product, dim) => product * dim, 1));
  const to = perm.map((axis) => at(shape, axis));
  const values = data.map((_, flat) => {
    let rest = flat;
    let from = 0;
    for (let i = to.length - 1; i >= 0; i--) {
      from += (rest % at(to, i)) * at(strides, at(perm, i));
      rest = Math.floor(rest / at(to, i));
    }
    return at(data, from);
  });
  return [to, values];
}
