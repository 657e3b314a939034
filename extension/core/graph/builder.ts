import { UnrollError } from '../../protocol/errors';
import { at, only, toTheEnd } from '../ops/arguments';
import { reduce } from '../ops/reduction';
import { operator } from '../ops/table';
import { type DType, dtypes, type FloatType, floats, int32s, int64s, type Tensor, zeros } from '../tensor';
import { sameShape } from './broadcast';
import { type Attribute, type Attributes, Graph } from './graph';
import { Value, type ValueType } from './value';

/** What a Scan's body makes of a step. */
export interface ScanStep {
  readonly states: readonly Value[];
  readonly outputs: readonly Value[];
}

/** Adds nodes to a graph, inferring their types. One method an operator, named and ordered as in ONNX. */
export class Builder {
  private readonly constants = new Map<string, Value>();
  private readonly transposes = new Map<Value, { readonly source: Value; readonly perm: readonly number[] }>();

  /** See {@link inPart}. */
  private part: string | null = null;
  private readonly joined = new Map<Value, { readonly values: readonly Value[]; readonly axis: number }>();

  constructor(
    readonly graph: Graph,
    /** The builder of the graph around this one, which holds the constants of both. */
    private readonly outer: Builder | null = null,
  ) {}

  /** Applies any operator of the table. `names` are wishes for its outputs. */
  apply(
    op: string,
    inputs: readonly (Value | null)[],
    attributes: Attributes = {},
    names: readonly string[] = [],
  ): Value[] {
    const types = operator(op).infer({ inputs, attributes });
    const outputs = types.map((type, i) => new Value(this.graph.names.claim(names[i] ?? op), type));
    const { name } = at(outputs, 0);
    const full = this.part === null ? name : `${this.part}/${name}`;
    this.graph.nodes.push({ op, domain: '', name: full, inputs: [...inputs], outputs, attributes });
    return outputs;
  }

  /** Does `work`; the names of the nodes that it adds begin with the name of the part of a model that they make up together. */
  inPart<T>(name: string, work: () => T): T {
    const around = this.part;
    this.part ??= this.graph.names.claim(name);
    try {
      return work();
    } finally {
      this.part = around;
    }
  }

  add = (a: Value, b: Value) => this.one('Add', [a, b]);
  sub = (a: Value, b: Value) => this.one('Sub', [a, b]);
  mul = (a: Value, b: Value) => this.one('Mul', [a, b]);
  div = (a: Value, b: Value) => this.one('Div', [a, b]);
  max = (a: Value, b: Value) => this.one('Max', [a, b]);
  min = (a: Value, b: Value) => this.one('Min', [a, b]);
  pow = (base: Value, exponent: Value) => this.one('Pow', [base, exponent]);
  neg = (x: Value) => this.one('Neg', [x]);
  abs = (x: Value) => this.one('Abs', [x]);
  sign = (x: Value) => this.one('Sign', [x]);
  sqrt = (x: Value) => this.one('Sqrt', [x]);
  reciprocal = (x: Value) => this.one('Reciprocal', [x]);
  exp = (x: Value) => this.one('Exp', [x]);
  log = (x: Value) => this.one('Log', [x]);
  erf = (x: Value) => this.one('Erf', [x]);
  sigmoid = (x: Value) => this.one('Sigmoid', [x]);
  tanh = (x: Value) => this.one('Tanh', [x]);
  relu = (x: Value) => this.one('Relu', [x]);
  leakyRelu = (x: Value, alpha: number) => this.one('LeakyRelu', [x], { alpha: float(alpha) });
  elu = (x: Value, alpha: number) => this.one('Elu', [x], { alpha: float(alpha) });
  hardSigmoid = (x: Value, alpha: number, beta: number) =>
    this.one('HardSigmoid', [x], { alpha: float(alpha), beta: float(beta) });
  softplus = (x: Value) => this.one('Softplus', [x]);
  softsign = (x: Value) => this.one('Softsign', [x]);
  softmax = (x: Value, axis: number) => this.one('Softmax', [x], { axis: int(axis) });
  logSoftmax = (x: Value, axis: number) => this.one('LogSoftmax', [x], { axis: int(axis) });
  /** Between two bounds, either of which may be null. */
  clip = (x: Value, low: number | null, high: number | null) => {
    const bound = (value: number | null) => (value === null ? null : this.scalarLike(x, value));
    return only(this.apply('Clip', [x, bound(low), bound(high)]));
  };
  equal = (a: Value, b: Value) => this.one('Equal', [a, b]);
  less = (a: Value, b: Value) => this.one('Less', [a, b]);
  lessOrEqual = (a: Value, b: Value) => this.one('LessOrEqual', [a, b]);
  greater = (a: Value, b: Value) => this.one('Greater', [a, b]);
  greaterOrEqual = (a: Value, b: Value) => this.one('GreaterOrEqual', [a, b]);
  not = (x: Value) => this.one('Not', [x]);
  and = (a: Value, b: Value) => this.one('And', [a, b]);
  or = (a: Value, b: Value) => this.one('Or', [a, b]);
  where = (condition: Value, yes: Value, no: Value) => this.one('Where', [condition, yes, no]);
  cast = (x: Value, dtype: DType) =>
    x.type.dtype === dtype ? x : this.one('Cast', [x], { to: int(dtypes[dtype].onnx) });
  matMul = (a: Value, b: Value) => this.one('MatMul', [a, b]);
  gemm = (a: Value, b: Value, transA: boolean, transB: boolean, added?: Value) =>
    this.one('Gemm', [a, b, ...(added === undefined ? [] : [added])], {
      transA: int(transA ? 1 : 0),
      transB: int(transB ? 1 : 0),
    });
  identity = (x: Value, name = 'Identity') => only(this.apply('Identity', [x], {}, [name]));
  reshape = (x: Value, shape: readonly number[]) =>
    sameShape(x.type.shape, shape) ? x : this.one('Reshape', [x, this.int64s(shape)]);
  expand = (x: Value, shape: readonly number[]) =>
    sameShape(x.type.shape, shape) ? x : this.one('Expand', [x, this.int64s(shape)]);
  squeeze = (x: Value, axes: readonly number[]) => this.one('Squeeze', [x, this.int64s(axes)]);
  unsqueeze = (x: Value, axes: readonly number[]) => this.one('Unsqueeze', [x, this.int64s(axes)]);
  concat(values: readonly Value[], axis: number): Value {
    if (values.length === 1) return at(values, 0);
    const result = this.one('Concat', values, { axis: int(axis) });
    this.joined.set(result, { values, axis });
    return result;
  }
  /** The numbers from `start` to before `end` along an axis; what is exactly one of the values that were joined is that value. */
  slice(x: Value, start: number, end: number, axis: number): Value {
    let from = 0;
    for (const part of this.partsOf(x, axis)) {
      const size = Number(part.type.shape?.[axis]);
      if (from === start && from + size === end) return part;
      from += size;
    }
    return this.one('Slice', [x, this.int64s([start]), this.int64s([end]), this.int64s([axis])]);
  }
  /** The last `count` along an axis, whose length may be free. */
  last(x: Value, count: number, axis: number): Value {
    const size = x.type.shape?.[axis];
    return typeof size === 'number' ? this.slice(x, size - count, size, axis) : this.slice(x, -count, toTheEnd, axis);
  }
  split = (x: Value, sizes: readonly number[], axis: number): Value[] =>
    sizes.length === 1
      ? [x]
      : this.apply(
          'Split',
          [x, this.int64s(sizes)],
          { axis: int(axis) },
          sizes.map(() => 'Split'),
        );
  reduceSum = (x: Value, axes: readonly number[], keepDims: boolean) => reduce(this, 'ReduceSum', x, axes, keepDims);
  reduceMean = (x: Value, axes: readonly number[], keepDims: boolean) => reduce(this, 'ReduceMean', x, axes, keepDims);
  reduceMax = (x: Value, axes: readonly number[], keepDims: boolean) => reduce(this, 'ReduceMax', x, axes, keepDims);
  reduceLogSumExp = (x: Value, axes: readonly number[], keepDims: boolean) =>
    reduce(this, 'ReduceLogSumExp', x, axes, keepDims);
  cumSum = (x: Value, axis: number, { reverse = false, exclusive = false } = {}) =>
    this.one('CumSum', [x, this.constant({ dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(axis)) })], {
      reverse: int(reverse ? 1 : 0),
      exclusive: int(exclusive ? 1 : 0),
    });
  /** The largest numbers along an axis, the largest first, and where they are. */
  topK(x: Value, count: number, axis: number): { readonly values: Value; readonly places: Value } {
    const [values, places] = this.apply('TopK', [x, this.int64s([count])], { axis: int(axis) });
    return { values: values ?? x, places: places ?? x };
  }
  gather = (data: Value, indices: Value, axis: number) => this.one('Gather', [data, indices], { axis: int(axis) });
  /** Adds zeros: `before[i]` and `after[i]` numbers on axis i. */
  pad = (x: Value, before: readonly number[], after: readonly number[]) =>
    [...before, ...after].every((count) => count === 0) ? x : this.one('Pad', [x, this.int64s([...before, ...after])]);
  /** Convolution over time of x [batch, channels, steps] by weights [out, channels, kernel]; pads are counts before and after. */
  conv = (
    x: Value,
    weight: Value,
    bias: Value | null,
    { stride = 1, dilation = 1, pads = [0, 0] as readonly [number, number] } = {},
  ) =>
    this.one('Conv', bias === null ? [x, weight] : [x, weight, bias], {
      strides: ints([stride]),
      dilations: ints([dilation]),
      pads: ints(pads),
    });
  /** Over all axes from `axis` on; `scale` and `bias` have the shape of those. */
  layerNormalization = (x: Value, scale: Value, bias: Value, axis: number, epsilon = 1e-5) =>
    this.one('LayerNormalization', [x, scale, bias], { axis: int(axis), epsilon: float(epsilon) });

  /** Reorders axes. Reordering again is one reordering of the first value, and none at all where it undoes the first. */
  transpose(x: Value, perm: readonly number[]): Value {
    const made = this.transposes.get(x);
    const whole = made === undefined ? perm : perm.map((axis) => at(made.perm, axis));
    const source = made?.source ?? x;
    if (whole.every((axis, i) => axis === i)) return source;
    const result = this.one('Transpose', [source], { perm: ints(whole) });
    this.transposes.set(result, { source, perm: whole });
    return result;
  }

  /** Runs `body` once for every index of axis 0 of `inputs`, from the last to the first where `reverse`. */
  scan(
    states: readonly Value[],
    inputs: readonly Value[],
    reverse: boolean,
    body: (b: Builder, states: Value[], inputs: Value[]) => ScanStep,
  ): { states: Value[]; outputs: Value[] } {
    const inner = new Builder(new Graph(this.graph.names.claim('step'), this.graph.names), this);
    const stateInputs = states.map((state) => inner.graph.input(`${state.name}_t`, state.type));
    const stepInputs = inputs.map((value) => inner.graph.input(`${value.name}_t`, stepType(value.type)));
    const step = body(inner, stateInputs, stepInputs);
    closeBody(inner, [...step.states, ...step.outputs]);
    const direction = reverse ? 1 : 0;
    const results = this.apply('Scan', [...states, ...inputs], {
      body: { kind: 'graph', value: inner.graph },
      num_scan_inputs: int(inputs.length),
      scan_input_directions: ints(inputs.map(() => direction)),
      scan_output_directions: ints(step.outputs.map(() => direction)),
    });
    return { states: results.slice(0, states.length), outputs: results.slice(states.length) };
  }

  /** A constant; equal small constants are one. */
  constant(tensor: Tensor, name = 'constant'): Value {
    if (this.outer !== null) return this.outer.constant(tensor, name);
    if (tensor.data.length > 64) return this.graph.initializer(name, tensor);
    const key = `${tensor.dtype} ${tensor.shape.join()} ${Array.from(tensor.data as ArrayLike<number | bigint>).join()}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const value = this.graph.initializer(name, tensor);
    this.constants.set(key, value);
    return value;
  }

  scalar = (dtype: FloatType, value: number) => this.constant(floats(dtype, [], [value]));
  int64s = (values: readonly number[]) => this.constant(int64s(values));
  int32s = (shape: readonly number[], values: readonly number[]) => this.constant(int32s(shape, values));
  zeros = (dtype: FloatType, shape: readonly number[]) => this.constant(zeros(dtype, shape), 'zeros');

  /** A scalar of the type of `like`. */
  scalarLike = (like: Value, value: number) => this.scalar(floatType(like), value);
  zerosLike = (like: Value, shape: readonly number[]) => this.zeros(floatType(like), shape);

  /**
   * Makes `value` an output of the graph under exactly this name. What a node of this graph has made is given the name; what is
   * an output already, or comes from elsewhere, is copied.
   */
  output(name: string, value: Value): Value {
    const made = this.graph.nodes.some(({ outputs }) => outputs.includes(value));
    const output = made && !this.graph.outputs.includes(value) ? value : this.identity(value);
    const claimed = this.graph.names.claim(name);
    if (claimed !== name) throw new UnrollError('internal', 'The output name "{0}" is taken.', name);
    output.name = name;
    this.graph.outputs.push(output);
    return output;
  }

  /** The values that `x` was joined from along `axis`, here or in a graph around this one. */
  private partsOf(x: Value, axis: number): readonly Value[] {
    const here = this.joined.get(x);
    if (here !== undefined) return here.axis === axis ? here.values : [];
    return this.outer?.partsOf(x, axis) ?? [];
  }

  private one(op: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return only(this.apply(op, inputs, attributes));
  }
}

export const int = (value: number): Attribute => ({ kind: 'int', value });
export const float = (value: number): Attribute => ({ kind: 'float', value });
export const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value });
export const text = (value: string): Attribute => ({ kind: 'string', value });

/** The float type of a value that gradients flow through. */
export function floatType(value: Value): FloatType {
  const { dtype } = value.type;
  if (dtype === 'float32' || dtype === 'float64') return dtype;
  throw new UnrollError('model', '"{0}" holds {1} where floats are needed.', value.name, dtype);
}

/**
 * Declares the outputs of a Scan's body. onnxruntime wants every output to be a value of its own, made in the body: what is
 * an output twice, or comes straight from an input or from outside, passes through an Identity.
 */
export function closeBody(b: Builder, outputs: readonly Value[]): void {
  const made = new Set(b.graph.nodes.flatMap((node) => node.outputs));
  for (const output of outputs) {
    const direct = made.has(output) && !b.graph.outputs.includes(output);
    b.graph.outputs.push(direct ? output : b.identity(output));
  }
}

/** The type of one step of a stacked value. */
function stepType(type: ValueType): ValueType {
  return { dtype: type.dtype, shape: type.shape === null ? null : type.shape.slice(1) };
}
