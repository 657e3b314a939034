import type { Tensor } from '../tensor';
import { Value, type ValueType } from './value';

/** An attribute of a node. */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  | { readonly kind: 'graph'; readonly value: Graph };

export type Attributes = Readonly<Record<string, Attribute>>;

/** One application of an operator. A null input or output is one that ONNX leaves out. */
export interface Node {
  readonly op: string;
  /** Empty for ONNX's own operators. */
  readonly domain: string;
  readonly name: string;
  inputs: (Value | null)[];
  outputs: (Value | null)[];
  attributes: Attributes;
}

/** Hands out names that are unique in a model, subgraphs included. */
export class Names {
  private readonly taken = new Set<string>();
  private readonly next = new Map<string, number>();

  /** Claims `wish`, or `wish_2`, `wish_3`… where it is taken. */
  claim(wish: string): string {
    let name = wish;
    for (let n = this.next.get(wish) ?? 2; this.taken.has(name); n++) {
      name = `${wish}_${n}`;
      this.next.set(wish, n + 1);
    }
    this.taken.add(name);
    return name;
  }
}

/**
 * A dataflow graph in ONNX's terms: nodes in execution order. The body of a `Scan` is a graph too, and may use the values of
 * the graph around it.
 */
export class Graph {
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];
  nodes: Node[] = [];
  /** Constants and weights, by the value that stands for them. */
  readonly initializers = new Set<Value>();

  constructor(
    readonly name: string,
    readonly names: Names = new Names(),
  ) {}

  input(name: string, type: ValueType): Value {
    const value = new Value(this.names.claim(name), type);
    this.inputs.push(value);
    return value;
  }

  initializer(name: string, tensor: Tensor): Value {
    const value = new Value(this.names.claim(name), { dtype: tensor.dtype, shape: tensor.shape }, tensor);
    this.initializers.add(value);
    return value;
  }
}

/** The graphs that a node holds in its attributes. */
export function bodiesOf(node: Node): Graph[] {
  return Object.values(node.attributes).flatMap((attribute) => (attribute.kind === 'graph' ? [attribute.value] : []));
}

/** The values of the surroundings that a graph uses, in first-use order: neither its inputs, nor made in it. */
export function capturesOf(graph: Graph): Value[] {
  const inside = new Set<Value | null>([null, ...graph.inputs, ...graph.initializers]);
  const captured = new Set<Value>();
  const use = (value: Value | null) => {
    if (value !== null && !inside.has(value)) captured.add(value);
  };
  for (const node of graph.nodes) {
    for (const input of usesOf(node)) use(input);
    for (const output of node.outputs) inside.add(output);
  }
  for (const output of graph.outputs) use(output);
  return [...captured];
}

/** Everything that a node reads: its inputs, and what its bodies take from around them. */
export function usesOf(node: Node): Value[] {
  const uses = node.inputs.filter((input) => input !== null);
  for (const body of bodiesOf(node)) uses.push(...capturesOf(body));
  return uses;
}

/** Removes the nodes and constants that no output needs, in this graph and in its bodies. */
export function prune(graph: Graph): void {
  const needed = new Set<Value>(graph.outputs);
  const kept: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => output !== null && needed.has(output))) continue;
    for (const body of bodiesOf(node)) prune(body);
    for (const value of usesOf(node)) needed.add(value);
    kept.push(node);
  }
  graph.nodes = kept.reverse();
  for (const value of graph.initializers) if (!needed.has(value)) graph.initializers.delete(value);
}
