import { UnrollError } from '../../protocol/errors';
import { type Dim, Value, type ValueType } from '../graph/value';
import { sizeOf } from '../tensor';
import {
  at,
  axisOf,
  constantOf,
  inputOf,
  intOf,
  intsOf,
  only,
  requiredConstant,
  shapeOf,
  staticShape,
  toTheEnd,
} from './arguments';
import { putBack } from './gather';
import { type Application, knownShape, type Operator, type Pullback } from './operator';

// Operators that move numbers and never change them.

/** The cotangent of a reordering goes back into the input's shape. */
function backToShape({ b, node, cotangent, wants, contribute }: Pullback): void {
  const d = cotangent(0);
  const input = at(node.inputs, 0);
  if (d !== null && wants(input)) contribute(input, b.reshape(d, staticShape(node.op, input)));
}

const transpose: Operator = {
  name: 'Transpose',
  infer(application) {
    const x = inputOf('Transpose', application, 0);
    const shape = shapeOf('Transpose', x);
    return [{ dtype: x.type.dtype, shape: permutation(application, shape.length).map((axis) => at(shape, axis)) }];
  },
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const input = at(node.inputs, 0);
    if (d === null || !wants(input)) return;
    const perm = permutation(node, shapeOf('Transpose', input).length);
    const inverse = perm.map((_, axis) => perm.indexOf(axis));
    contribute(input, b.transpose(d, inverse));
  },
  lift({ b, node, inputs }) {
    const { value } = only(inputs);
    const perm = permutation(node, shapeOf('Transpose', value).length - 1);
    return [b.transpose(value, [0, ...perm.map((axis) => axis + 1)])];
  },
  view: true,
};

function permutation({ attributes }: Pick<Application, 'attributes'>, rank: number): readonly number[] {
  return intsOf(attributes, 'perm') ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
}

const reshape: Operator = {
  name: 'Reshape',
  infer(application) {
    const x = inputOf('Reshape', application, 0);
    const asked = requiredConstant('Reshape', application, 1);
    const from = x.type.shape;
    const copied: Dim[] = asked.map((dim, i) => (dim === 0 ? (from?.[i] ?? `${x.name}_${i}`) : dim));
    const free = copied.indexOf(-1);
    if (free < 0) return [{ dtype: x.type.dtype, shape: copied }];
    const known = knownShape(from);
    const others = knownShape(copied.filter((_, i) => i !== free));
    const rest = known !== null && others !== null ? sizeOf(known) / sizeOf(others) : Number.NaN;
    // Of nothing, anything could be left.
    copied[free] = Number.isInteger(rest) ? rest : restOf(from, others, x.name);
    return [{ dtype: x.type.dtype, shape: copied }];
  },
  pullback: backToShape,
  lift({ b, node, inputs: [x] }) {
    if (x === undefined) throw new UnrollError('internal', 'Reshape has an input.');
    const steps = at(staticShape('Reshape', x.value), 0);
    return [b.reshape(x.value, [steps, ...staticShape('Reshape', stepOutput(node.outputs))])];
  },
  view: true,
};

/** What is left for the free dimension of a reshape: the one named dimension, where the numbers beside it are used up by the others. */
function restOf(from: readonly Dim[] | null, others: readonly number[] | null, name: string): Dim {
  const named = from?.filter((dim) => typeof dim === 'string') ?? [];
  const numbers = from?.filter((dim) => typeof dim === 'number') ?? [];
  const [rest] = named;
  const used = others !== null && named.length === 1 && sizeOf(numbers) === sizeOf(others);
  return used && rest !== undefined ? rest : `${name}_rest`;
}

function stepOutput(outputs: readonly (Value | null)[]): Value {
  const output = outputs[0];
  if (output instanceof Value) return output;
  throw new UnrollError('internal', 'A node without its first output cannot be lifted.');
}

const expand: Operator = {
  name: 'Expand',
  infer(application) {
    const x = inputOf('Expand', application, 0);
    const shape = shapeOf('Expand', x);
    const asked = requiredConstant('Expand', application, 1);
    const rank = Math.max(shape.length, asked.length);
    return [
      {
        dtype: x.type.dtype,
        shape: Array.from({ length: rank }, (_, i) => {
          const wanted = asked[i - rank + asked.length] ?? 1;
          return wanted === 1 ? (shape[i - rank + shape.length] ?? 1) : wanted;
        }),
      },
    ];
  },
  pullback({ node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const input = at(node.inputs, 0);
    if (d !== null && wants(input)) contribute(input, d);
  },
  lift({ b, node, inputs }) {
    const { value } = at(inputs, 0);
    const [steps = 1, ...own] = staticShape('Expand', value);
    const shape = staticShape('Expand', stepOutput(node.outputs));
    const missing = Array.from({ length: shape.length - own.length }, () => 1);
    return [b.expand(b.reshape(value, [steps, ...missing, ...own]), [steps, ...shape])];
  },
};

const squeeze: Operator = {
  name: 'Squeeze',
  infer(application) {
    const x = inputOf('Squeeze', application, 0);
    const shape = shapeOf('Squeeze', x);
    const axes = constantOf('Squeeze', application, 1)?.map((axis) => axisOf(axis, shape.length));
    return [
      { dtype: x.type.dtype, shape: shape.filter((dim, i) => (axes === undefined ? dim !== 1 : !axes.includes(i))) },
    ];
  },
  pullback: backToShape,
  lift({ b, node, inputs }) {
    const { value } = at(inputs, 0);
    const [, ...own] = shapeOf('Squeeze', value);
    const listed = constantOf('Squeeze', node, 1)?.map((axis) => axisOf(axis, own.length));
    const axes = listed ?? own.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
    return [
      b.squeeze(
        value,
        axes.map((axis) => axis + 1),
      ),
    ];
  },
  view: true,
};

const unsqueeze: Operator = {
  name: 'Unsqueeze',
  infer(application) {
    const x = inputOf('Unsqueeze', application, 0);
    const shape = shapeOf('Unsqueeze', x);
    const asked = requiredConstant('Unsqueeze', application, 1);
    const rank = shape.length + asked.length;
    const axes = asked.map((axis) => axisOf(axis, rank));
    const rest = [...shape];
    return [
      {
        dtype: x.type.dtype,
        shape: Array.from({ length: rank }, (_, i) => (axes.includes(i) ? 1 : (rest.shift() ?? 1))),
      },
    ];
  },
  pullback: backToShape,
  lift({ b, node, inputs }) {
    const { value } = at(inputs, 0);
    const asked = requiredConstant('Unsqueeze', node, 1);
    const rank = shapeOf('Unsqueeze', value).length - 1 + asked.length;
    return [
      b.unsqueeze(
        value,
        asked.map((axis) => axisOf(axis, rank) + 1),
      ),
    ];
  },
  view: true,
};

/** All axes before one as the first, all from it on as the second. */
const flatten: Operator = {
  name: 'Flatten',
  infer(application) {
    const x = inputOf('Flatten', application, 0);
    const shape = shapeOf('Flatten', x);
    const axis = axisOf(intOf(application.attributes, 'axis', 1), shape.length);
    const product = (dims: readonly Dim[]): Dim => {
      const known = knownShape(dims);
      const [one] = dims;
      if (known !== null) return sizeOf(known);
      return dims.length === 1 && one !== undefined ? one : `${x.name}_flat`;
    };
    return [{ dtype: x.type.dtype, shape: [product(shape.slice(0, axis)), product(shape.slice(axis))] }];
  },
  pullback: backToShape,
  lift({ b, node, inputs }) {
    const { value } = at(inputs, 0);
    const steps = at(staticShape('Flatten', value), 0);
    return [b.reshape(value, [steps, ...staticShape('Flatten', stepOutput(node.outputs))])];
  },
  view: true,
};

const concat: Operator = {
  name: 'Concat',
  infer(application) {
    const inputs = application.inputs.map((_, i) => inputOf('Concat', application, i));
    const shapes = inputs.map((input) => shapeOf('Concat', input));
    const first = at(shapes, 0);
    const axis = axisOf(intOf(application.attributes, 'axis', 0), first.length);
    const sizes = knownShape(shapes.map((shape) => at(shape, axis)));
    const size = sizes === null ? `${at(inputs, 0).name}_joined` : sizes.reduce((sum, n) => sum + n, 0);
    return [{ dtype: at(inputs, 0).type.dtype, shape: first.map((dim, i) => (i === axis ? size : dim)) }];
  },
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    if (d === null) return;
    const inputs = node.inputs.filter((input) => input !== null);
    const axis = axisOf(intOf(node.attributes, 'axis', 0), shapeOf('Concat', d).length);
    const parts = b.split(
      d,
      inputs.map((input) => at(staticShape('Concat', input), axis)),
      axis,
    );
    inputs.forEach((input, i) => {
      if (wants(input)) contribute(input, at(parts, i));
    });
  },
  lift({ b, node, inputs }) {
    const rank = shapeOf('Concat', stepOutput(node.outputs)).length;
    const axis = axisOf(intOf(node.attributes, 'axis', 0), rank) + 1;
    const steps = inputs.find(({ stacked }) => stacked);
    const count = at(staticShape('Concat', at(steps === undefined ? [] : [steps.value], 0)), 0);
    const parts = inputs.map(({ value, stacked }) =>
      stacked ? value : b.expand(value, [count, ...staticShape('Concat', value)]),
    );
    return [b.concat(parts, axis)];
  },
  view: true,
};

const split: Operator = {
  name: 'Split',
  infer(application) {
    const x = inputOf('Split', application, 0);
    const shape = shapeOf('Split', x);
    const axis = axisOf(intOf(application.attributes, 'axis', 0), shape.length);
    const sizes =
      constantOf('Split', application, 1) ?? evenly(at(shape, axis), intOf(application.attributes, 'num_outputs', 0));
    return sizes.map((size) => ({ dtype: x.type.dtype, shape: shape.map((dim, i) => (i === axis ? size : dim)) }));
  },
  pullback({ b, node, cotangent, wants, contribute }) {
    const input = at(node.inputs, 0);
    if (!wants(input)) return;
    const axis = axisOf(intOf(node.attributes, 'axis', 0), shapeOf('Split', input).length);
    const parts = node.outputs.map((output, i) => {
      if (output === null) throw new UnrollError('model', 'Split leaves out an output, which has no gradient rule.');
      return cotangent(i) ?? b.zerosLike(output, staticShape('Split', output));
    });
    contribute(input, b.concat(parts, axis));
  },
  lift({ b, node, inputs }) {
    const { value } = at(inputs, 0);
    const axis = axisOf(intOf(node.attributes, 'axis', 0), shapeOf('Split', value).length - 1);
    const sizes = node.outputs.map((output) => at(staticShape('Split', stepOutput([output])), axis));
    return b.split(value, sizes, axis + 1);
  },
  view: true,
};

/** The sizes of `count` parts of an axis, of which the last may be smaller. */
function evenly(dim: Dim, count: number): number[] {
  if (typeof dim !== 'number' || count === 0)
    throw new UnrollError('model', 'Split does not say how large its parts are.');
  const size = Math.ceil(dim / count);
  return Array.from({ length: count }, (_, i) => Math.min(size, dim - i * size));
}

const slice: Operator = {
  name: 'Slice',
  infer(application) {
    const x = inputOf('Slice', application, 0);
    const shape = shapeOf('Slice', x);
    const ranges = slices(application, shape);
    return [{ dtype: x.type.dtype, shape: shape.map((dim, i) => ranges.get(i)?.size ?? dim) } satisfies ValueType];
  },
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const input = at(node.inputs, 0);
    if (d === null || !wants(input)) return;
    const shape = staticShape('Slice', input);
    const ranges = [...slices(node, shape)].map(([axis, range]) => ({ axis, ...fixed(range) }));
    let grown = d;
    for (const { axis, start, size, step } of ranges) {
      if (step !== 1) {
        const places = Array.from({ length: size }, (_, i) => start + i * step);
        grown = putBack(b, grown, at(shape, axis), b.int64s(places), axis);
        continue;
      }
      const gap = (length: number) => {
        const like = staticShape('Slice', grown).map((dim, i) => (i === axis ? length : dim));
        return length > 0 ? [b.zerosLike(d, like)] : [];
      };
      grown = b.concat([...gap(start), grown, ...gap(at(shape, axis) - start - size)], axis);
    }
    contribute(input, grown);
  },
  lift({ b, node, inputs }) {
    const x = at(inputs, 0).value;
    const shape = shapeOf('Slice', x).slice(1);
    let result = x;
    for (const [axis, range] of slices(node, shape)) {
      const { start, size, step } = fixed(range);
      if (step === 1) result = b.slice(result, start, start + size, axis + 1);
      else {
        const places = Array.from({ length: size }, (_, i) => start + i * step);
        result = b.gather(result, b.int64s(places), axis + 1);
      }
    }
    return [result];
  },
  view: true,
};

/** The part of an axis that is taken: so many numbers from `start` on, every `step`-th. */
interface Range<Size = Dim> {
  readonly start: number;
  readonly size: Size;
  readonly step: number;
}

function fixed({ start, size, step }: Range): Range<number> {
  if (typeof size !== 'number') throw new UnrollError('internal', 'Slice has no fixed range.');
  return { start, size, step };
}

/** The range that is taken of each sliced axis. */
function slices(application: Pick<Application, 'inputs'>, shape: readonly Dim[]): ReadonlyMap<number, Range> {
  const starts = requiredConstant('Slice', application, 1);
  const ends = requiredConstant('Slice', application, 2);
  const axes = constantOf('Slice', application, 3) ?? starts.map((_, i) => i);
  const steps = constantOf('Slice', application, 4) ?? starts.map(() => 1);
  return new Map(
    axes.map((asked, i) => {
      const axis = axisOf(asked, shape.length);
      const range = rangeOf(at(shape, axis), at(starts, i), at(ends, i), at(steps, i));
      return [axis, range] as const;
    }),
  );
}

function rangeOf(dim: Dim, first: number, last: number, step: number): Range {
  if (typeof dim === 'string') {
    const isToTheEnd = last >= toTheEnd;
    if (step === 1 && first >= 0 && last >= 0 && !isToTheEnd) return { start: first, size: last - first, step };
    const size = step === 1 && first < 0 && isToTheEnd ? -first : `${dim}_part`;
    const all = step === -1 && first === -1 && last <= -toTheEnd;
    return { start: first, size: all ? dim : size, step };
  }
  const [low, high] = step > 0 ? [0, dim] : [-1, dim - 1];
  const clamp = (position: number) => Math.min(Math.max(position < 0 ? position + dim : position, low), high);
  const [start, end] = [clamp(first), clamp(last)];
  return { start, size: Math.max(Math.ceil((end - start) / step), 0), step };
}

export const shapingOperators: readonly Operator[] = [
  transpose,
  reshape,
  expand,
  squeeze,
  unsqueeze,
  flatten,
  concat,
  split,
  slice,
];
