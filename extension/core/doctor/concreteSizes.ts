import { int } from '../graph/builder';
import type { Graph, Node } from '../graph/graph';
import { Value } from '../graph/value';
import { intOf } from '../ops/arguments';
import { knownShape } from '../ops/operator';
import { operatorOrNull } from '../ops/table';
import { applyNode, isNumeric } from '../recurrences/numeric/evaluate';
import { type Numbers, numbersOf } from '../recurrences/numeric/numbers';
import { type DType, int64s, sizeOf, type Tensor } from '../tensor';

/** More numbers than this are no shape, axis or index, and are not worked out. */
const mostNumbers = 1024;
/** No axis is longer, nor are there more: a file may declare anything. */
const longestAxis = 2 ** 40;
const mostAxes = 64;

/** What the nodes of a graph make when every free dimension of its inputs is `free`: sizes, and numbers that are made of sizes. */
export class ConcreteSizes {
  private readonly shapes = new Map<Value, readonly number[]>();
  private readonly numbers = new Map<Value, Numbers>();
  private readonly dtypes = new Map<Value, DType>();

  /** One pass over the nodes; what follows an operator without a rule stays unknown. */
  constructor(graph: Graph, free: number) {
    for (const value of graph.inputs) {
      const shape = value.type.shape?.map((dim) => (typeof dim === 'number' ? dim : free));
      if (shape !== undefined) this.know(value, value.type.dtype, shape);
    }
    for (const value of graph.initializers) this.initial(value);
    for (const node of graph.nodes) attempt(() => this.pass(node));
  }

  /** The sizes of a value; null where they are not known. */
  shapeOf(value: Value): readonly number[] | null {
    return this.shapes.get(value) ?? null;
  }

  /** What a value holds, where it is a few numbers made of sizes and constants alone. */
  contentOf(value: Value): readonly number[] | null {
    const numbers = this.numbers.get(value);
    return numbers === undefined ? null : [...numbers.data];
  }

  private know(value: Value, dtype: DType, shape: readonly number[]): void {
    const fits = (dim: number) => Number.isInteger(dim) && dim >= 0 && dim <= longestAxis;
    if (shape.length > mostAxes || !shape.every(fits)) return;
    this.shapes.set(value, shape);
    this.dtypes.set(value, dtype);
  }

  private initial(value: Value): void {
    const { constant, type } = value;
    const shape = knownShape(type.shape);
    if (shape !== null) this.know(value, type.dtype, shape);
    // What is large may still lie in the file.
    if (constant !== null && sizeOf(constant.shape) <= mostNumbers) this.numbers.set(value, numbersOf(constant));
  }

  private pass(node: Node): void {
    if (node.domain !== '') return;
    const inputs = node.inputs.map((input) => input && this.concrete(input));
    const isKnown = (input: Value | null | undefined): input is Value | null => input !== undefined;
    if (inputs.every(isKnown)) {
      // Before operator set 18 only its outputs said into how many parts a Split cuts evenly.
      const parts = node.op === 'Split' ? { num_outputs: int(node.outputs.length) } : {};
      const attributes = { ...parts, ...node.attributes };
      const made = attempt(() => operatorOrNull(node.op)?.infer({ inputs, attributes }));
      for (const [i, output] of node.outputs.entries()) {
        const type = made?.[i];
        const shape = type && knownShape(type.shape);
        if (output !== null && type && shape) this.know(output, type.dtype, shape);
      }
    }
    if (node.op === 'Shape' || node.op === 'Size') this.measure(node);
    else this.count(node);
  }

  /** A value as a rule sees it: undefined where its sizes are not known. */
  private concrete(value: Value): Value | undefined {
    if (value.constant !== null && !this.shapes.has(value)) this.initial(value);
    const shape = this.shapes.get(value);
    if (shape === undefined) return undefined;
    const dtype = this.dtypes.get(value) ?? value.type.dtype;
    const numbers = this.numbers.get(value);
    return new Value(value.name, { dtype, shape }, numbers === undefined ? null : tensorOf(numbers, dtype));
  }

  /** What a node says of the sizes of what it reads. */
  private measure({ op, attributes, inputs: [x], outputs: [output] }: Node): void {
    const shape = x ? this.shapes.get(x) : undefined;
    if (!output || shape === undefined) return;
    const some = shape.slice(intOf(attributes, 'start', 0), intOf(attributes, 'end', shape.length));
    const sizes = op === 'Shape' ? some : [sizeOf(shape)];
    this.hold(output, 'int64', { shape: op === 'Shape' ? [sizes.length] : [], data: Float64Array.from(sizes) });
  }

  /** Works out the numbers that a node makes of numbers. */
  private count(node: Node): void {
    const [output] = node.outputs;
    const [first] = node.inputs;
    if (!output) return;
    if (output.constant !== null) {
      this.initial(output);
      return;
    }
    const numbers: (Numbers | null)[] = [];
    for (const input of node.inputs) {
      const known = input && this.numbersAt(input);
      if (known === undefined) return;
      numbers.push(known);
    }
    const dtype = this.dtypes.get(output) ?? (first ? (this.dtypes.get(first) ?? first.type.dtype) : 'int64');
    if (node.op === 'ReduceProd') {
      const [x] = numbers;
      // Of a shape, all of it is multiplied: it has one axis.
      if (x?.shape.length !== 1) return;
      const product = x.data.reduce((a, b) => a * b, 1);
      const shape = intOf(node.attributes, 'keepdims', 1) === 1 ? [1] : [];
      this.hold(output, dtype, { shape, data: Float64Array.of(product) });
      return;
    }
    const size = this.shapes.get(output);
    // A rule has said how much comes out of it, before any of it is made.
    if (!isNumeric(node) || size === undefined || sizeOf(size) > mostNumbers) return;
    applyNode(node, numbers).forEach((result, i) => {
      const target = node.outputs[i];
      if (target) this.hold(target, this.dtypes.get(target) ?? dtype, result);
    });
  }

  private numbersAt(value: Value): Numbers | undefined {
    if (value.constant !== null && !this.numbers.has(value)) this.initial(value);
    return this.numbers.get(value);
  }

  private hold(value: Value, dtype: DType, { shape, data }: Numbers): void {
    if (data.length > mostNumbers || !data.every((number) => Number.isFinite(number))) return;
    this.know(value, dtype, shape);
    // Whole numbers are divided without a rest.
    this.numbers.set(value, { shape, data: dtype.startsWith('int') ? data.map(Math.trunc) : data });
  }
}

/** A tensor of the numbers, for rules that read shapes and axes; null in a type that those are not of. */
function tensorOf({ shape, data }: Numbers, dtype: DType): Tensor | null {
  if (dtype === 'int64') return { ...int64s([...data]), shape };
  if (dtype === 'int32') return { dtype, shape, data: Int32Array.from(data) };
  return dtype === 'float32' ? { dtype, shape, data: Float32Array.from(data) } : null;
}

/** What cannot be, or has no rule, ends its way: onnxruntime will say it better. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
