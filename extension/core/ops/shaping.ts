import { UnrollError } from '../../protocol/errors';
import { int } from '../graph/builder';
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
} from './arguments';
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
    copied[free] = known !== null && others !== null ? sizeOf(known) / sizeOf(others) : restOf(from, others, x.name);
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
    const sizes = requiredConstant('Split', application, 1);
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
  lift({ b, node, inputs: [x, sizes] }) {
    if (x === undefined || sizes === undefined) throw new UnrollError('internal', 'Split has two inputs.');
    const axis = axisOf(intOf(node.attributes, 'axis', 0), shapeOf('Split', x.value).length - 1) + 1;
    return b.apply('Split', [x.value, sizes.value], { axis: int(axis) });
  },
  view: true,
};

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
    let grown = d;
    for (const [axis, { start, size }] of slices(node, shape)) {
      if (typeof start !== 'number' || typeof size !== 'number')
        throw new UnrollError('internal', 'Slice has no fixed range.');
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
    for (const [axis, { start, size }] of slices(node, shape)) {
      if (typeof start !== 'number' || typeof size !== 'number')
        throw new UnrollError('internal', 'Slice has no fixed range.');
      result = b.slice(result, start, start + size, axis + 1);
    }
    return [result];
  },
  view: true,
};

/** The range that is taken of each sliced axis. Steps other than 1 have no rule here. */
function slices(application: Pick<Application, 'inputs'>, shape: readonly Dim[]) {
  const starts = requiredConstant('Slice', application, 1);
  const ends = requiredConstant('Slice', application, 2);
  const axes = constantOf('Slice', application, 3) ?? starts.map((_, i) => i);
  const steps = constantOf('Slice', application, 4) ?? starts.map(() => 1);
  if (steps.some((step) => step !== 1)) throw new UnrollError('model', 'Slice has a rule for steps of 1 only.');
  return new Map(
    axes.map((asked, i) => {
      const axis = axisOf(asked, shape.length);
      const dim = at(shape, axis);
      const [first, last] = [at(starts, i), at(ends, i)];
      if (typeof dim === 'string') {
        const toTheEnd = last >= 2 ** 31 - 1;
        if (first >= 0 && last >= 0 && !toTheEnd) return [axis, { start: first, size: last - first }] as const;
        return [axis, { start: first, size: first < 0 && toTheEnd ? -first : `${dim}_part` }] as const;
      }
      const clamp = (position: number) => Math.min(Math.max(position < 0 ? position + dim : position, 0), dim);
      return [axis, { start: clamp(first), size: Math.max(clamp(last) - clamp(first), 0) }] as const;
    }),
  );
}

export const shapingOperators: readonly Operator[] = [
  transpose,
  reshape,
  expand,
  squeeze,
  unsqueeze,
  concat,
  split,
  slice,
];
