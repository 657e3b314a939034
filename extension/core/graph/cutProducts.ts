import { intOf } from '../ops/arguments';
import { Builder, int } from './builder';
import { bodiesOf, Graph, type Node, prune, usesOf } from './graph';
import type { Value } from './value';

const activations = new Set(['Sigmoid', 'Tanh', 'Relu']);

/**
 * Rewrites the products of loops for the kernel that applies a function to a product while it stands in the cache (onnxruntime's
 * FusedGemm, which its optimiser makes of a Gemm whose only reader is Sigmoid, Tanh or Relu).
 *
 * Where a loop's body cuts a product W·v into rows and puts a function on some of them, W is cut instead, once and before the loop,
 * and each part becomes a product of its own. A product that a function reads whole becomes a Gemm. The numbers stay the same:
 * every row of a product is computed by itself. float32 only: there is no such kernel for other types.
 *
 * Changes `graph` and the bodies of its Scans. For a graph that nothing more is derived from.
 */
export function cutProducts(graph: Graph): void {
  graph.nodes = graph.nodes.flatMap((node) => [...bodiesOf(node).flatMap((body) => cutInBody(graph, body)), node]);
  // The sizes of the cuts that are gone.
  prune(graph);
}

/** Returns the nodes that must run before the body's loop. */
function cutInBody(outer: Graph, body: Graph): readonly Node[] {
  const before = new Builder(new Graph('before a loop', outer.names));
  const readers = new Map<Value, Node[]>();
  for (const node of body.nodes) {
    for (const value of usesOf(node)) readers.set(value, [...(readers.get(value) ?? []), node]);
  }
  const onlyReader = (value: Value): Node | null => {
    const [reader, other] = readers.get(value) ?? [];
    return reader !== undefined && other === undefined && !body.outputs.includes(value) ? reader : null;
  };
  const inside = new Set<Value | null>([...body.inputs, ...body.initializers, ...body.nodes.flatMap((n) => n.outputs)]);
  const dropped = new Set<Node>();
  const replaced = new Map<Node, readonly Node[]>();

  for (const node of body.nodes) {
    const [weights, operand] = node.inputs;
    const [product] = node.outputs;
    if (node.op !== 'MatMul' || !weights || !operand || !product || product.type.dtype !== 'float32') continue;
    if (weights.type.shape?.length !== 2 || operand.type.shape?.length !== 2) continue;
    const reader = onlyReader(product);
    if (reader === null) continue;
    if (activations.has(reader.op)) replaced.set(node, [gemm(weights, operand, product)]);
    const parts = reader.outputs.filter((output) => output !== null);
    const cuts =
      reader.op === 'Split' && intOf(reader.attributes, 'axis', 0) === 0 && parts.length === reader.outputs.length;
    const pays = cuts && parts.some((part) => activations.has(onlyReader(part)?.op ?? ''));
    const sizes = parts.map(({ type }) => type.shape?.[0]);
    if (!pays || inside.has(weights) || !sizes.every((size) => typeof size === 'number')) continue;
    const rows = before.split(weights, sizes, 0);
    dropped.add(reader);
    replaced.set(
      node,
      parts.flatMap((part, i) => (rows[i] ? [gemm(rows[i], operand, part)] : [])),
    );
  }
  body.nodes = body.nodes.flatMap((node) => (dropped.has(node) ? [] : (replaced.get(node) ?? [node])));
  for (const value of before.graph.initializers) outer.initializers.add(value);
  return before.graph.nodes;
}

const gemm = (left: Value, right: Value, result: Value): Node => ({
  op: 'Gemm',
  domain: '',
  name: result.name,
  inputs: [left, right],
  outputs: [result],
  attributes: { transA: int(0), transB: int(0) },
});
