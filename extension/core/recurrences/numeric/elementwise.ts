import type { Node } from '../../graph/graph';
import { floatOf, intOf } from '../../ops/arguments';
import type { Kernel } from './kernel';
import { broadcast, commonShape, made, NotNumeric, type Numbers } from './numbers';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Functions of one number, with the attributes of their operator. Formulas are those of ONNX's operators. */
const unary: Readonly<Record<string, (node: Node) => (x: number) => number>> = {
  Identity: () => (x) => x,
  Neg: () => (x) => -x,
  Abs: () => Math.abs,
  Sign: () => Math.sign,
  Sqrt: () => Math.sqrt,
  Exp: () => Math.exp,
  Log: () => Math.log,
  Reciprocal: () => (x) => 1 / x,
  Floor: () => Math.floor,
  Ceil: () => Math.ceil,
  Not: () => (x) => (x === 0 ? 1 : 0),
  Sin: () => Math.sin,
  Cos: () => Math.cos,
  Sigmoid: () => sigmoid,
  Tanh: () => Math.tanh,
  Relu: () => (x) => Math.max(0, x),
  Softplus: () => (x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))),
  Softsign: () => (x) => x / (1 + Math.abs(x)),
  LeakyRelu: ({ attributes }) => {
    const alpha = floatOf(attributes, 'alpha', 0.01);
    return (x) => (x < 0 ? alpha * x : x);
  },
  ThresholdedRelu: ({ attributes }) => {
    const alpha = floatOf(attributes, 'alpha', 1);
    return (x) => (x > alpha ? x : 0);
  },
  Elu: ({ attributes }) => {
    const alpha = floatOf(attributes, 'alpha', 1);
    return (x) => (x < 0 ? alpha * Math.expm1(x) : x);
  },
  HardSigmoid: ({ attributes }) => {
    const [alpha, beta] = [floatOf(attributes, 'alpha', 0.2), floatOf(attributes, 'beta', 0.5)];
    return (x) => Math.min(1, Math.max(0, alpha * x + beta));
  },
  Cast: ({ attributes }) => {
    const to = intOf(attributes, 'to', 1);
    if (to === 9) return (x) => (x === 0 ? 0 : 1);
    return [1, 10, 11, 16].includes(to) ? (x) => x : Math.trunc;
  },
};

/** Functions of two numbers, which broadcast; those of more are folded from the left. */
const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Max: Math.max,
  Min: Math.min,
  Sum: (a, b) => a + b,
  And: (a, b) => (a !== 0 && b !== 0 ? 1 : 0),
  Or: (a, b) => (a !== 0 || b !== 0 ? 1 : 0),
  Xor: (a, b) => ((a !== 0) !== (b !== 0) ? 1 : 0),
  Equal: (a, b) => (a === b ? 1 : 0),
  Less: (a, b) => (a < b ? 1 : 0),
  LessOrEqual: (a, b) => (a <= b ? 1 : 0),
  Greater: (a, b) => (a > b ? 1 : 0),
  GreaterOrEqual: (a, b) => (a >= b ? 1 : 0),
};

const integers: ReadonlySet<string> = new Set([
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
]);

function applied({ shape, data }: Numbers, f: (x: number) => number): Numbers {
  return { shape, data: data.map((x) => f(x)) };
}

export function combined(a: Numbers, b: Numbers, f: (a: number, b: number) => number): Numbers {
  const shape = commonShape([a.shape, b.shape]);
  const [left, right] = [broadcast(a, shape).data, broadcast(b, shape).data];
  const result = made(shape);
  for (let i = 0; i < result.data.length; i++) result.data[i] = f(left[i] ?? 0, right[i] ?? 0);
  return result;
}

export const elementwiseKernels: Readonly<Record<string, Kernel>> = {
  ...Object.fromEntries(
    Object.entries(unary).map(([op, rule]): [string, Kernel] => [op, (node, [x]) => [applied(needed(x), rule(node))]]),
  ),
  ...Object.fromEntries(
    Object.entries(binary).map(([op, f]): [string, Kernel] => [
      op,
      (node, inputs) => {
        const whole = op === 'Div' && integers.has(node.inputs[0]?.type.dtype ?? '');
        const rule = whole ? (a: number, b: number) => Math.trunc(a / b) : f;
        return [inputs.map(needed).reduce((left, right) => combined(left, right, rule))];
      },
    ]),
  ),
  Where: (_, [condition, yes, no]) => {
    const shape = commonShape([condition, yes, no].map((value) => needed(value).shape));
    const [asked, left, right] = [condition, yes, no].map((value) => broadcast(needed(value), shape).data);
    return [
      made(
        shape,
        Array.from(asked ?? [], (on, i) => (on === 0 ? right?.[i] : left?.[i]) ?? Number.NaN),
      ),
    ];
  },
  Clip: (node, [x, low, high]) => {
    const least = low?.data[0] ?? floatOf(node.attributes, 'min', Number.NEGATIVE_INFINITY);
    const most = high?.data[0] ?? floatOf(node.attributes, 'max', Number.POSITIVE_INFINITY);
    return [applied(needed(x), (value) => Math.min(most, Math.max(least, value)))];
  },
  /** At inference it changes nothing. */
  Dropout: (_, [x]) => [needed(x)],
};

export function needed(value: Numbers | null | undefined): Numbers {
  if (!value) throw new NotNumeric('an input is left out');
  return value;
}
