import { UnrollError } from '../../protocol/errors';
import { at, only } from '../ops/arguments';
import { operator } from '../ops/table';
import { type FloatType, floats, int64s, type Tensor, zeros } from '../tensor';
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
    this.graph.nodes.push({ op, domain: '', name: at(outputs, 0).name, inputs: [...inputs], outputs, attributes });
    return outputs;
  }

  add = (a: Value, b: Value) => this.one('Add', [a, b]);
  sub = (a: Value, b: Value) => this.one('Sub', [a, b]);
  mul = (a: Value, b: Value) => this.one('Mul', [a, b]);
  div = (a: Value, b: Value) => this.one('Div', [a, b]);
  min = (a: Value, b: Value) => this.one('Min', [a, b]);
  neg = (x: Value) => this.one('Neg', [x]);
  sqrt = (x: Value) => this.one('Sqrt', [x]);
  sigmoid = (x: Value) => this.one('Sigmoid', [x]);
  tanh = (x: Value) => this.one('Tanh', [x]);
  relu = (x: Value) => this.one('Relu', [x]);
  matMul = (a: Value, b: Value) => this.one('MatMul', [a, b]);
  gemm = (a: Value, b: Value, transA: boolean, transB: boolean) =>
    this.one('Gemm', [a, b], { transA: int(transA ? 1 : 0), transB: int(transB ? 1 : 0) });
  identity = (x: Value, name = 'Identity') => only(this.apply('Identity', [x], {}, [name]));
  reshape = (x: Value, shape: readonly number[]) =>
    sameShape(x.type.shape, shape) ? x : this.one('Reshape', [x, this.int64s(shape)]);
  expand = (x: Value, shape: readonly number[]) =>
    sameShape(x.type.shape, shape) ? x : this.one('Expand', [x, this.int64s(shape)]);
  squeeze = (x: Value, axes: readonly number[]) => this.one('Squeeze', [x, this.int64s(axes)]);
  unsqueeze = (x: Value, axes: readonly number[]) => this.one('Unsqueeze', [x, this.int64s(axes)]);
  concat = (values: readonly Value[], axis: number) =>
    values.length === 1 ? at(values, 0) : this.one('Concat', values, { axis: int(axis) });
  split = (x: Value, sizes: readonly number[], axis: number): Value[] =>
    sizes.length === 1
      ? [x]
      : this.apply(
          'Split',
          [x, this.int64s(sizes)],
          { axis: int(axis) },
          sizes.map(() => 'Split'),
        );
  slice = (x: Value, start: number, end: number, axis: number) =>
    this.one('Slice', [x, this.int64s([start]), this.int64s([end]), this.int64s([axis])]);
  reduceSum = (x: Value, axes: readonly number[], keepDims: boolean) =>
    this.one('ReduceSum', [x, this.int64s(axes)], { keepdims: int(keepDims ? 1 : 0) });

  /** Reorders axes; undoing a transpose gives back the value that was transposed. */
  transpose(x: Value, perm: readonly number[]): Value {
    const made = this.transposes.get(x);
    if (made?.perm.every((axis, i) => perm[axis] === i)) return made.source;
    const result = this.one('Transpose', [x], { perm: ints(perm) });
    this.transposes.set(result, { source: x, perm });
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
  zeros = (dtype: FloatType, shape: readonly number[]) => this.constant(zeros(dtype, shape), 'zeros');

  /** A scalar of the type of `like`. */
  scalarLike = (like: Value, value: number) => this.scalar(floatType(like), value);
  zerosLike = (like: Value, shape: readonly number[]) => this.zeros(floatType(like), shape);

  /** Makes `value` an output of the graph under exactly this name. */
  output(name: string, value: Value): Value {
    const output = this.identity(value, name);
    if (output.name !== name) throw new UnrollError('internal', 'The output name "{0}" is taken.', name);
    this.graph.outputs.push(output);
    return output;
  }

  private one(op: string, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return only(this.apply(op, inputs, attributes));
  }
}

export const int = (value: number): Attribute => ({ kind: 'int', value });
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
