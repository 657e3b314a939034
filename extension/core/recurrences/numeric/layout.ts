import type { Node } from '../../graph/graph';
import { axisOf, intOf, intsOf } from '../../ops/arguments';
import { sizeOf } from '../../tensor';
import { needed } from './elementwise';
import type { Kernel } from './kernel';
import {
  broadcast,
  commonShape,
  gathered,
  made,
  NotNumeric,
  type Numbers,
  numbersOf,
  shaped,
  stridesOf,
} from './numbers';

/** Numbers that a node takes from an input in new operator sets and from an attribute in old ones; null where it has neither. */
function listOf(node: Node, given: Numbers | null | undefined, attribute: string): number[] | null {
  if (given) return Array.from(given.data);
  const ints = intsOf(node.attributes, attribute);
  return ints === null ? null : [...ints];
}

function squeezed(node: Node, x: Numbers, axes: Numbers | null | undefined): Numbers {
  const listed = listOf(node, axes, 'axes')?.map((axis) => axisOf(axis, x.shape.length));
  const gone = (dim: number, axis: number) => (listed === undefined ? dim === 1 : listed.includes(axis));
  return shaped(
    x,
    x.shape.filter((dim, axis) => !gone(dim, axis)),
  );
}

function unsqueezed(node: Node, x: Numbers, axes: Numbers | null | undefined): Numbers {
  const listed = listOf(node, axes, 'axes') ?? [];
  const rank = x.shape.length + listed.length;
  const shape: number[] = [];
  const rest = [...x.shape];
  const added = new Set(listed.map((axis) => axisOf(axis, rank)));
  for (let axis = 0; axis < rank; axis++) shape.push(added.has(axis) ? 1 : (rest.shift() ?? 1));
  return shaped(x, shape);
}

function reshaped(node: Node, x: Numbers, target: Numbers): Numbers {
  const keepsZero = intOf(node.attributes, 'allowzero', 0) === 1;
  const shape = Array.from(target.data, (size, axis) => (size === 0 && !keepsZero ? (x.shape[axis] ?? 0) : size));
  const free = shape.indexOf(-1);
  if (free >= 0) shape[free] = x.data.length / sizeOf(shape.filter((_, axis) => axis !== free));
  if (shape.some((size) => !Number.isInteger(size))) throw new NotNumeric('Reshape');
  return shaped(x, shape);
}

export function transposed(x: Numbers, perm: readonly number[]): Numbers {
  const strides = stridesOf(x.shape);
  if (perm.length !== x.shape.length) throw new NotNumeric('Transpose');
  return gathered(
    x.data,
    perm.map((axis) => x.shape[axis] ?? 0),
    perm.map((axis) => strides[axis] ?? 0),
  );
}

/** The part of `x` from `start`, every `step`th, `count` of them, along an axis. */
function part(x: Numbers, axis: number, start: number, count: number, step = 1): Numbers {
  const strides = stridesOf(x.shape);
  const shape = x.shape.map((dim, i) => (i === axis ? count : dim));
  const offset = start * (strides[axis] ?? 0);
  return gathered(
    x.data,
    shape,
    strides.map((stride, i) => (i === axis ? stride * step : stride)),
    offset,
  );
}

function sliced(node: Node, inputs: readonly (Numbers | null)[]): Numbers {
  let x = needed(inputs[0]);
  const starts = listOf(node, inputs[1], 'starts') ?? [];
  const ends = listOf(node, inputs[2], 'ends') ?? [];
  const axes = listOf(node, inputs[3], 'axes') ?? starts.map((_, i) => i);
  const steps = inputs[4] ? Array.from(inputs[4].data) : starts.map(() => 1);
  starts.forEach((from, i) => {
    const axis = axisOf(axes[i] ?? 0, x.shape.length);
    const size = x.shape[axis] ?? 0;
    const step = steps[i] ?? 1;
    const bound = (value: number) => (value < 0 ? value + size : value);
    const within = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
    const start = step > 0 ? within(bound(from), 0, size) : within(bound(from), 0, size - 1);
    const end = step > 0 ? within(bound(ends[i] ?? size), 0, size) : within(bound(ends[i] ?? 0), -1, size - 1);
    x = part(x, axis, start, Math.max(0, Math.ceil((end - start) / step)), step);
  });
  return x;
}

function splitInto(node: Node, x: Numbers, sizes: Numbers | null | undefined): Numbers[] {
  const axis = axisOf(intOf(node.attributes, 'axis', 0), x.shape.length);
  const size = x.shape[axis] ?? 0;
  const count = node.outputs.length;
  const each = Math.ceil(size / count);
  const listed =
    listOf(node, sizes, 'split') ??
    Array.from({ length: count }, (_, i) => Math.max(0, Math.min(each, size - i * each)));
  if (listed.reduce((sum, length) => sum + length, 0) !== size) throw new NotNumeric('Split');
  let start = 0;
  return listed.map((length) => {
    const piece = part(x, axis, start, length);
    start += length;
    return piece;
  });
}

export function joined(values: readonly Numbers[], axis: number): Numbers {
  const [first] = values;
  if (first === undefined) throw new NotNumeric('Concat');
  const size = values.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  const shape = first.shape.map((dim, i) => (i === axis ? size : dim));
  for (const value of values) {
    const fits = value.shape.length === shape.length && value.shape.every((dim, i) => i === axis || dim === shape[i]);
    if (!fits) throw new NotNumeric('Concat');
  }
  const result = made(shape);
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  let at = 0;
  for (const { shape: own, data } of values) {
    const block = (own[axis] ?? 0) * inner;
    for (let i = 0; i < outer; i++) result.data.set(data.subarray(i * block, (i + 1) * block), i * size * inner + at);
    at += block;
  }
  return result;
}

function gatheredAt(node: Node, x: Numbers, indices: Numbers): Numbers {
  const axis = axisOf(intOf(node.attributes, 'axis', 0), x.shape.length);
  const size = x.shape[axis] ?? 0;
  const inner = sizeOf(x.shape.slice(axis + 1));
  const outer = sizeOf(x.shape.slice(0, axis));
  const result = made([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]);
  let to = 0;
  for (let i = 0; i < outer; i++) {
    for (const index of indices.data) {
      const from = axisOf(index, size);
      if (!(from >= 0 && from < size)) throw new NotNumeric('Gather');
      result.data.set(x.data.subarray((i * size + from) * inner, (i * size + from + 1) * inner), to);
      to += inner;
    }
  }
  return result;
}

function reduced(node: Node, x: Numbers, axes: Numbers | null | undefined): Numbers {
  const rank = x.shape.length;
  const listed = listOf(node, axes, 'axes') ?? [];
  if (listed.length === 0 && intOf(node.attributes, 'noop_with_empty_axes', 0) === 1) return x;
  const over = new Set((listed.length === 0 ? x.shape.map((_, i) => i) : listed).map((axis) => axisOf(axis, rank)));
  const kept = x.shape.map((dim, axis) => (over.has(axis) ? 1 : dim));
  const result = made(kept);
  const strides = stridesOf(kept).map((stride, axis) => (over.has(axis) ? 0 : stride));
  const own = stridesOf(x.shape);
  x.data.forEach((value, i) => {
    let to = 0;
    for (let axis = 0; axis < rank; axis++) {
      to += (Math.floor(i / (own[axis] ?? 1)) % (x.shape[axis] ?? 1)) * (strides[axis] ?? 0);
    }
    result.data[to] = (result.data[to] ?? 0) + value;
  });
  if (node.op === 'ReduceMean') {
    const count = x.data.length / Math.max(1, result.data.length);
    for (let i = 0; i < result.data.length; i++) result.data[i] = (result.data[i] ?? 0) / count;
  }
  if (intOf(node.attributes, 'keepdims', 1) === 1) return result;
  return shaped(
    result,
    kept.filter((_, axis) => !over.has(axis)),
  );
}

export const layoutKernels: Readonly<Record<string, Kernel>> = {
  Constant: ({ attributes }) => {
    const { value, value_float: one, value_int: whole, value_floats: floats, value_ints: ints } = attributes;
    if (value?.kind === 'tensor') return [numbersOf(value.value)];
    if (one?.kind === 'float' || one?.kind === 'int') return [made([], [one.value])];
    if (whole?.kind === 'int') return [made([], [whole.value])];
    if (floats?.kind === 'floats') return [made([floats.value.length], floats.value)];
    if (ints?.kind === 'ints') return [made([ints.value.length], ints.value)];
    throw new NotNumeric('Constant');
  },
  ConstantOfShape: ({ attributes: { value } }, [shape]) => {
    const result = made(Array.from(needed(shape).data));
    return [
      { ...result, data: result.data.fill(value?.kind === 'tensor' ? (numbersOf(value.value).data[0] ?? 0) : 0) },
    ];
  },
  Shape: ({ attributes }, [x]) => {
    const { shape } = needed(x);
    const [start, end] = [intOf(attributes, 'start', 0), intOf(attributes, 'end', shape.length)];
    const chosen = shape.slice(axisOf(start, shape.length), axisOf(end, shape.length));
    return [made([chosen.length], chosen)];
  },
  Size: (_, [x]) => [made([], [needed(x).data.length])],
  Range: (_, inputs) => {
    const [start = 0, limit = 0, delta = 1] = inputs.map((value) => needed(value).data[0] ?? 0);
    const count = Math.max(0, Math.ceil((limit - start) / delta));
    const result = made([count]);
    return [{ ...result, data: result.data.map((_, i) => start + i * delta) }];
  },
  Squeeze: (node, [x, axes]) => [squeezed(node, needed(x), axes)],
  Unsqueeze: (node, [x, axes]) => [unsqueezed(node, needed(x), axes)],
  Reshape: (node, [x, shape]) => [reshaped(node, needed(x), needed(shape))],
  Flatten: ({ attributes }, [x]) => {
    const value = needed(x);
    const axis = axisOf(intOf(attributes, 'axis', 1), value.shape.length);
    return [shaped(value, [sizeOf(value.shape.slice(0, axis)), sizeOf(value.shape.slice(axis))])];
  },
  Transpose: ({ attributes }, [x]) => {
    const value = needed(x);
    return [transposed(value, intsOf(attributes, 'perm') ?? value.shape.map((_, axis) => axis).reverse())];
  },
  Concat: ({ attributes }, inputs) => {
    const values = inputs.map(needed);
    return [joined(values, axisOf(intOf(attributes, 'axis', 0), values[0]?.shape.length ?? 0))];
  },
  Split: (node, [x, sizes]) => splitInto(node, needed(x), sizes),
  Slice: (node, inputs) => [sliced(node, inputs)],
  Gather: (node, [x, indices]) => [gatheredAt(node, needed(x), needed(indices))],
  Expand: (_, [x, shape]) => {
    const value = needed(x);
    return [broadcast(value, commonShape([value.shape, Array.from(needed(shape).data)]))];
  },
  ReduceSum: (node, [x, axes]) => [reduced(node, needed(x), axes)],
  ReduceMean: (node, [x, axes]) => [reduced(node, needed(x), axes)],
};
