import type { FindingCode, Repair } from '../../protocol/doctor';
import { Builder, int } from '../graph/builder';
import type { Graph, Node } from '../graph/graph';
import { Value } from '../graph/value';
import { originalOf, writeExtended } from '../onnx/extend';
import { readModel } from '../onnx/read';
import { intOf } from '../ops/arguments';
import { findOperator } from '../recurrences/operator';
import { hasWrongReset } from './gruReset';

/** A copy of a model in which what was found, of the codes asked for, is put right. */
export function repairModel(
  bytes: Uint8Array,
  codes: readonly FindingCode[],
): Pick<Repair, 'repaired'> & { readonly bytes: Uint8Array } {
  const model = readModel(bytes);
  const { graph } = model;
  const original = originalOf(graph);
  const repaired: { code: FindingCode; node: string }[] = [];
  for (let node of [...graph.nodes]) {
    if (codes.includes('gruReset') && hasWrongReset(model, node)) {
      const right = { ...node, attributes: { ...node.attributes, linear_before_reset: int(1) } };
      graph.nodes[graph.nodes.indexOf(node)] = right;
      node = right;
      repaired.push({ code: 'gruReset', node: node.name });
    }
    const isRecurrent = findOperator(node) !== null;
    if (codes.includes('layout') && isRecurrent && intOf(node.attributes, 'layout', 0) === 1) {
      turnLayout(graph, node);
      repaired.push({ code: 'layout', node: node.name });
    }
  }
  return { bytes: writeExtended(model, original), repaired };
}

/** Puts a node of layout 0 in the place of one of layout 1, with its axes turned before and after it. */
function turnLayout(graph: Graph, node: Node): void {
  const b = new Builder(graph);
  const place = graph.nodes.indexOf(node);
  const end = graph.nodes.length;
  const swapped = (value: Value | null | undefined) =>
    value ? b.transpose(withRank(value, 3), [1, 0, 2]) : (value ?? null);
  const inputs = node.inputs.map((value, i) => (i === 0 || i === 5 || i === 6 ? swapped(value) : value));
  const { layout: _, ...attributes } = node.attributes;
  const made = node.outputs.map((value) =>
    value === null ? null : new Value(graph.names.claim(value.name), { dtype: value.type.dtype, shape: null }),
  );
  graph.nodes.push({ ...node, inputs, attributes, outputs: made });
  node.outputs.forEach((output, i) => {
    const value = made[i];
    if (output === null || !value) return;
    // Y is [steps, directions, batch, hidden] and becomes [batch, steps, directions, hidden].
    const perm = i === 0 ? [2, 0, 1, 3] : [1, 0, 2];
    const name = graph.names.claim('Transpose');
    const attributes = { perm: { kind: 'ints', value: perm } } as const;
    graph.nodes.push({ op: 'Transpose', domain: '', name, inputs: [value], outputs: [output], attributes });
  });
  const added = graph.nodes.splice(end);
  graph.nodes.splice(place, 1, ...added);
}

const withRank = (value: Value, rank: number) =>
  value.type.shape !== null
    ? value
    : new Value(value.name, {
        dtype: value.type.dtype,
        shape: Array.from({ length: rank }, (_, i) => `${value.name}_${i}`),
      });
