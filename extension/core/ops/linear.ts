import { UnrollError } from '../../protocol/errors';
import { broadcast } from '../graph/broadcast';
import type { Builder } from '../graph/builder';
import type { Node } from '../graph/graph';
import type { Dim, Value } from '../graph/value';
import { sizeOf } from '../tensor';
import { at, floatOf, inputOf, intOf, shapeOf, staticShape } from './arguments';
import { pullbackOf } from './lowered';
import type { Operator } from './operator';

/** A product with a vector, as one with a matrix of one row on the left or of one column on the right. */
function lowerVectors(b: Builder, { inputs }: Pick<Node, 'inputs'>): Value[] {
  const [left, right] = [inputOf('MatMul', { inputs }, 0), inputOf('MatMul', { inputs }, 1)];
  const [isRow, isColumn] = [shapeOf('MatMul', left).length === 1, shapeOf('MatMul', right).length === 1];
  const product = b.matMul(isRow ? b.unsqueeze(left, [0]) : left, isColumn ? b.unsqueeze(right, [1]) : right);
  const rank = shapeOf('MatMul', product).length;
  const axes = [...(isRow ? [rank - 2] : []), ...(isColumn ? [rank - 1] : [])];
  return [axes.length === 0 ? product : b.squeeze(product, axes)];
}

const pullbackOfVectors = pullbackOf(lowerVectors);

/** Whether one of the operands is a vector in every step. */
const hasVector = ({ inputs }: Pick<Node, 'inputs'>) => inputs.some((input) => input?.type.shape?.length === 1);

/** Matrix product of the last two axes, broadcast over the axes before them; a vector is a row on the left and a column on the right. */
const matMul: Operator = {
  name: 'MatMul',
  infer(application) {
    const a = inputOf('MatMul', application, 0);
    const b = inputOf('MatMul', application, 1);
    const [isRow, isColumn] = [shapeOf('MatMul', a).length === 1, shapeOf('MatMul', b).length === 1];
    const left = isRow ? [1, ...shapeOf('MatMul', a)] : shapeOf('MatMul', a);
    const right = isColumn ? [...shapeOf('MatMul', b), 1] : shapeOf('MatMul', b);
    if (left.length < 2 || right.length < 2) throw new UnrollError('model', 'MatMul has no rule for single numbers.');
    const [m, k] = left.slice(-2) as [Dim, Dim];
    const [k2, n] = right.slice(-2) as [Dim, Dim];
    if (typeof k === 'number' && typeof k2 === 'number' && k !== k2) {
      throw new UnrollError('model', 'MatMul cannot multiply [{0}] by [{1}].', left.join(', '), right.join(', '));
    }
    const ends = [...(isRow ? [] : [m]), ...(isColumn ? [] : [n])];
    return [{ dtype: a.type.dtype, shape: [...broadcast(left.slice(0, -2), right.slice(0, -2)), ...ends] }];
  },
  pullback(of) {
    const { b, node, cotangent, wants, contribute } = of;
    if (hasVector(node)) return pullbackOfVectors(of);
    const d = cotangent(0);
    const [left, right] = [at(node.inputs, 0), at(node.inputs, 1)];
    if (d === null || left === null || right === null) return;
    if (wants(left)) contribute(left, productSummed(b, d, transposed(b, right), staticShape('MatMul', left)));
    if (wants(right)) contribute(right, productSummed(b, transposed(b, left), d, staticShape('MatMul', right)));
  },
  lift({ b, node, inputs: [left, right] }) {
    if (left === undefined || right === undefined) throw new UnrollError('internal', 'MatMul has two inputs.');
    if (!hasVector(node)) return [b.matMul(left.value, right.value)];
    const isRow = shapeOf('MatMul', left.value).length === (left.stacked ? 2 : 1);
    const isColumn = shapeOf('MatMul', right.value).length === (right.stacked ? 2 : 1);
    const row = isRow ? b.unsqueeze(left.value, [left.stacked ? 1 : 0]) : left.value;
    const column = isColumn ? b.unsqueeze(right.value, [right.stacked ? 2 : 1]) : right.value;
    const product = b.matMul(row, column);
    const rank = shapeOf('MatMul', product).length;
    return [b.squeeze(product, [...(isRow ? [rank - 2] : []), ...(isColumn ? [rank - 1] : [])])];
  },
};

/** The transpose of the last two axes; taking it twice gives the value itself. */
export function transposed(b: Builder, value: Value): Value {
  const rank = shapeOf('MatMul', value).length;
  const perm = Array.from({ length: rank }, (_, i) => i);
  perm.splice(-2, 2, rank - 1, rank - 2);
  return b.transpose(value, perm);
}

/** left·right, summed over leading axes until it has `shape`: a matrix that met a stack of matrices is one long product. */
function productSummed(b: Builder, left: Value, right: Value, shape: readonly number[]): Value {
  const stackedBoth = staticShape('MatMul', left).length > 2 && staticShape('MatMul', right).length > 2;
  return shape.length === 2 && stackedBoth ? contraction(b, left, right) : b.matMul(left, right);
}

/**
 * Σ over all leading axes of left[…, m, k]·right[…, k, n], as one product of [m, K] by [K, n] where K counts the leading axes
 * too. The weights' gradients come from here.
 */
export function contraction(b: Builder, left: Value, right: Value): Value {
  const flat = (value: Value): Value => {
    // [..., m, k] -> [m, ... k]: rows stay whole, so that this is a copy of runs and not of single numbers.
    const shape = staticShape('MatMul', value);
    const rank = shape.length;
    const perm = [rank - 2, ...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1];
    const rows = at(shape, rank - 2);
    return b.reshape(b.transpose(value, perm), [rows, sizeOf(shape) / rows]);
  };
  return b.gemm(flat(left), flat(transposed(b, right)), false, true);
}

/** Y = α A'·B' + β C, where ' transposes on request; matrices only. */
const gemm: Operator = {
  name: 'Gemm',
  infer(application) {
    const a = inputOf('Gemm', application, 0);
    const left = shapeOf('Gemm', a);
    const right = shapeOf('Gemm', inputOf('Gemm', application, 1));
    const m = at(left, intOf(application.attributes, 'transA', 0) ? 1 : 0);
    const n = at(right, intOf(application.attributes, 'transB', 0) ? 0 : 1);
    return [{ dtype: a.type.dtype, shape: [m, n] }];
  },
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const [left, right, bias] = [at(node.inputs, 0), at(node.inputs, 1), node.inputs[2] ?? null];
    if (d === null || left === null || right === null) return;
    const transA = intOf(node.attributes, 'transA', 0) === 1;
    const transB = intOf(node.attributes, 'transB', 0) === 1;
    const scaled = (name: 'alpha' | 'beta') => {
      const factor = floatOf(node.attributes, name, 1);
      return factor === 1 ? d : b.mul(d, b.scalarLike(d, factor));
    };
    const ofProduct = wants(left) || wants(right) ? scaled('alpha') : d;
    if (wants(left)) {
      contribute(left, transA ? b.gemm(right, ofProduct, transB, true) : b.gemm(ofProduct, right, false, !transB));
    }
    if (wants(right)) {
      contribute(right, transB ? b.gemm(ofProduct, left, true, transA) : b.gemm(left, ofProduct, !transA, false));
    }
    if (wants(bias)) contribute(bias, scaled('beta'));
  },
};

export const linearOperators: readonly Operator[] = [matMul, gemm];
