import { UnrollError } from '../../../protocol/errors';
import { bodiesOf, type Graph, type Node, usesOf } from '../../graph/graph';
import { type Dim, Value, type ValueType } from '../../graph/value';
import { intOf, intsOf } from '../../ops/arguments';
import { knownShape } from '../../ops/operator';
import { operators } from '../../ops/table';
import { type DType, dtypeFromOnnx, dtypes, sizeOf, type Tensor } from '../../tensor';
import { type Sizes, sizesOf, sizesOfConstant } from './sizes';

/**
 * What a value of a graph is made of. Values that must be equal are one term: copies, casts to the type that a value has, choices that
 * shapes decide, the same operator on the same terms. So the steps of a recurrence differ only in what they compute.
 */
export interface Term {
  /** Its place in the order of execution. */
  readonly id: number;
  /** The first node that makes it; null for inputs and constants. */
  readonly node: Node | null;
  /** Which of the node's outputs it is. */
  readonly output: number;
  /** Its operator, attributes and output. */
  readonly does: string;
  readonly inputs: readonly (Term | null)[];
  /** With the type and the constant content that are known; the name is that of a value of the graph. */
  readonly value: Value;
  /** Whether it is the same in every run for inputs of the same shapes: made of constants and shapes alone. */
  readonly fixed: boolean;
}

/** Constants of more elements than this are never taken for copies of one another. */
const mostCompared = 2 ** 14;

/** A graph as terms. */
export class Terms {
  /** In the order of execution. */
  readonly list: Term[] = [];
  /** Every node that makes a term, copies among them. */
  readonly makers = new Map<Term, Node[]>();
  private readonly terms = new Map<Value, Term>();
  private readonly known = new Map<string, Term>();
  private readonly sizes = new Map<Term, Sizes>();
  private readonly large = new Map<string, { readonly tensor: Tensor; readonly key: string }[]>();
  private readonly used: Term[][] = [];

  constructor(private readonly graph: Graph) {
    for (const node of graph.nodes) this.read(node);
  }

  of(value: Value): Term {
    const known = this.terms.get(value);
    if (known !== undefined) return known;
    const term =
      value.constant === null
        ? this.add(null, 0, `value ${this.list.length}`, [], value, this.graph.initializers.has(value))
        : this.constant(value);
    this.terms.set(value, term);
    return term;
  }

  /** The terms that are made of a term, a term as often as it reads it. */
  consumers(term: Term): readonly Term[] {
    return this.used[term.id] ?? [];
  }

  private read(node: Node): void {
    const inputs = node.inputs.map((input) => input && this.of(input));
    const same = this.sameAs(node, inputs);
    if (same !== null) {
      const [output] = node.outputs;
      if (output) this.terms.set(output, same);
      this.makers.get(same)?.push(node);
      return;
    }
    const bodies = bodiesOf(node).length > 0;
    const all = bodies ? [...inputs, ...usesOf(node).map((value) => this.of(value))] : inputs;
    const does = bodies
      ? `node ${this.list.length}`
      : `${node.domain}:${node.op} ${attributesText(node)} ${node.outputs.length}`;
    const types = this.typesOf(node, inputs);
    const sizes = sizesOf(
      node,
      inputs.map((term) => term && { value: term.value, sizes: this.sizesOf(term) }),
    );
    const fixed = node.op === 'Shape' || (!isRandom(node) && all.every((term) => term === null || term.fixed));
    for (const [i, output] of node.outputs.entries()) {
      if (output === null) continue;
      const type = types?.[i] ?? output.type;
      const constant = output.constant ?? (i === 0 ? tensorOf(sizes, type) : null);
      if (constant !== null) {
        const { dtype, shape } = constant;
        this.terms.set(output, this.constant(new Value(output.name, { dtype, shape }, constant)));
        continue;
      }
      const value = type === output.type ? output : new Value(output.name, type);
      // Of what has one number everywhere, the shape is all that there is to know.
      const shape = node.op === 'ConstantOfShape' && node.domain === '' ? value.type.shape : null;
      const key = `${does} ${i} (${shape?.join() ?? all.map((term) => term?.id ?? '').join()})`;
      const known = this.known.get(key);
      const term = known ?? this.add(node, i, `${does} ${i}`, all, value, fixed);
      if (known === undefined && sizes !== null && i === 0) this.sizes.set(term, sizes);
      this.known.set(key, term);
      this.terms.set(output, term);
      this.makers.set(term, [...(this.makers.get(term) ?? []), node]);
    }
  }

  private add(
    node: Node | null,
    output: number,
    does: string,
    inputs: Term['inputs'],
    value: Value,
    fixed: boolean,
  ): Term {
    const term: Term = { id: this.list.length, node, output, does, inputs, value, fixed };
    this.list.push(term);
    for (const input of new Set(inputs)) {
      if (input === null) continue;
      const users = this.used[input.id] ?? [];
      this.used[input.id] = users;
      users.push(term);
    }
    return term;
  }

  /** Constants of equal content are one. */
  private constant(value: Value): Term {
    const tensor = value.constant;
    const key = tensor === null ? `value ${this.list.length}` : this.keyOf(tensor);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const term = this.add(null, 0, key, [], value, true);
    this.known.set(key, term);
    return term;
  }

  private keyOf(tensor: Tensor): string {
    const { dtype, shape } = tensor;
    // Larger ones are not asked for what they hold, which may still lie in the file.
    if (sizeOf(shape) > mostCompared) return `constant ${this.list.length}`;
    const { data } = tensor;
    const some = (places: number) =>
      Array.from({ length: places }, (_, i) => data[Math.floor((i * data.length) / places)]).join();
    const key = `constant ${dtype} [${shape.join()}] ${some(Math.min(data.length, 64))}`;
    if (data.length <= 64) return key;
    const alike = this.large.get(key) ?? [];
    this.large.set(key, alike);
    const known = alike.find(({ tensor: { data: other } }) => data.every((entry, i) => entry === other[i]));
    if (known !== undefined) return known.key;
    alike.push({ tensor, key: `${key} ${alike.length}` });
    return `${key} ${alike.length - 1}`;
  }

  private sizesOf(term: Term): Sizes | null {
    return this.sizes.get(term) ?? sizesOfConstant(term.value);
  }

  /** The input that a node only hands on; null where it does something. */
  private sameAs(node: Node, [first, ...others]: readonly (Term | null)[]): Term | null {
    const { op, domain, attributes } = node;
    if (domain !== '' || !first) return null;
    const [second, third] = others;
    const { dtype, shape } = first.value.type;
    switch (op) {
      case 'Identity':
        return first;
      case 'Cast':
        return intOf(attributes, 'to', 0) === dtypes[dtype].onnx ? first : null;
      case 'Dropout':
        return second === undefined || third === undefined ? first : null;
      case 'Transpose':
        return intsOf(attributes, 'perm')?.every((axis, i) => axis === i) ? first : null;
      case 'Reshape':
      case 'Expand': {
        const wished = second && this.sizesOf(second);
        return wished && shape && wished.join() === shape.join() ? first : null;
      }
      case 'Where': {
        const decided = this.sizesOf(first);
        if (!decided || !second || !third || !decided.every((entry) => typeof entry === 'number')) return null;
        const [chosen, left] = decided[0] === 0 ? [third, second] : [second, third];
        const wholly = decided.every((entry) => (entry === 0) === (decided[0] === 0));
        return wholly && mayBeAlike(chosen.value.type.shape, left.value.type.shape) ? chosen : null;
      }
      default:
        return null;
    }
  }

  /** Types by the operator's rule where more is known of its inputs than when the file was read. */
  private typesOf(node: Node, inputs: readonly (Term | null)[]): readonly ValueType[] | null {
    const values = inputs.map((term) => term?.value ?? null);
    const [output] = node.outputs;
    if (!output) return null;
    if (node.op === 'ConstantOfShape' && node.domain === '') {
      const shape = inputs[0] ? this.sizesOf(inputs[0]) : null;
      return shape?.every((dim) => dim !== null)
        ? [{ dtype: output.type.dtype, shape: shape as readonly Dim[] }]
        : null;
    }
    const unchanged = values.every((value, i) => value === node.inputs[i]);
    if (unchanged && output.type.shape !== null) return null;
    const inferred = inferredTypes(node, values);
    if (inferred !== null && inferred[0]?.shape !== null) return inferred;
    if (output.type.shape !== null || values[0] === null || values[0] === undefined) return null;
    // A choice between two values of one shape has it too: what chooses is mostly smaller.
    const [, yes, no] = values;
    const shapes = [yes?.type.shape, no?.type.shape].filter((shape) => shape && shape.length > 1);
    const chosen = node.op === 'Where' && new Set(shapes.map((shape) => shape?.join())).size === 1 ? shapes[0] : null;
    return node.outputs.map(() => ({ dtype: guessedType(node, values), shape: chosen ?? null }));
  }
}

function inferredTypes(node: Node, inputs: readonly (Value | null)[]): readonly ValueType[] | null {
  const operator = node.domain === '' ? operators().get(node.op) : undefined;
  try {
    return operator?.infer({ inputs, attributes: node.attributes }) ?? null;
  } catch (error) {
    if (error instanceof UnrollError) return null;
    throw error;
  }
}

/** The type of an output whose shape nobody knows: that of what goes in, but for the operators that change it. */
function guessedType({ op, attributes }: Node, inputs: readonly (Value | null)[]): DType {
  if (op === 'Cast') return dtypeFromOnnx(intOf(attributes, 'to', 1)) ?? 'float32';
  if (op === 'Shape' || op === 'Size' || op === 'NonZero' || op === 'ArgMax' || op === 'ArgMin') return 'int64';
  if (/^(Equal|Greater|GreaterOrEqual|Less|LessOrEqual|Not|And|Or|Xor|IsNaN|IsInf)$/.test(op)) return 'bool';
  return inputs[op === 'Where' ? 1 : 0]?.type.dtype ?? 'float32';
}

const isRandom = ({ op, inputs }: Node) =>
  op.startsWith('Random') || op === 'Bernoulli' || (inputs.length === 0 && op !== 'Constant');

/** Attributes as text; equal attributes have equal texts. */
function attributesText({ attributes }: Node): string {
  return Object.entries(attributes)
    .map(([name, { kind, value }]) => {
      if (kind !== 'tensor') return `${name}=${String(value)}`;
      return `${name}=${value.dtype} [${value.shape.join()}] ${value.data.slice(0, 64).join()}`;
    })
    .sort()
    .join();
}

/** Whole numbers as the constant that they are, where all are known and fill the type. */
function tensorOf(sizes: Sizes | null, { dtype, shape }: ValueType): Tensor | null {
  const known = knownShape(shape);
  if (sizes === null || known === null || sizeOf(known) !== sizes.length) return null;
  const numbers = sizes.filter((entry) => typeof entry === 'number');
  if (numbers.length !== sizes.length) return null;
  if (dtype === 'int64') return { dtype, shape: known, data: BigInt64Array.from(numbers.map(BigInt)) };
  if (dtype === 'int32') return { dtype, shape: known, data: Int32Array.from(numbers) };
  return dtype === 'bool' ? { dtype, shape: known, data: Uint8Array.from(numbers) } : null;
}

/** Whether two shapes may be the same: free dimensions may be anything. */
function mayBeAlike(left: readonly Dim[] | null, right: readonly Dim[] | null): boolean {
  if (left === null || right === null) return true;
  return (
    left.length === right.length &&
    left.every((dim, i) => typeof dim !== 'number' || typeof right[i] !== 'number' || dim === right[i])
  );
}
