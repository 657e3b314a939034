import { message } from '../../protocol/messages';
import type { Graph, Node } from '../graph/graph';
import { Value } from '../graph/value';
import { intOf } from '../ops/arguments';
import type { Ailment } from './ailment';
import { placedOperators } from './operators';
import { another, makes, replaceNode } from './replaceNode';

/** The batch as first axis, which onnxruntime has no kernel for. */
export const layout: Ailment = {
  code: 'layout',
  isFault: true,
  keepsNumbers: true,
  find: (model) =>
    placedOperators(model).flatMap(({ node, graph, changed }) => {
      if (intOf(node.attributes, 'layout', 0) !== 1) return [];
      return [
        {
          node: node.name,
          what: message('The {0} node "{1}" has layout=1: the batch comes first.', node.op, node.name),
          why: message(
            'onnxruntime refuses to load it; a copy with the axes turned around the node computes the same.',
          ),
          repair: () => {
            turnLayout(graph, node);
            changed();
          },
        },
      ];
    }),
};

/** Puts a node of layout 0 in the place of one of layout 1, with its axes turned before and after it. */
function turnLayout(graph: Graph, node: Node): void {
  replaceNode(graph, node, (b) => {
    const swapped = (value: Value | null | undefined) =>
      value ? b.transpose(withRank(value, 3), [1, 0, 2]) : (value ?? null);
    const inputs = node.inputs.map((value, i) => (i === 0 || i === 5 || i === 6 ? swapped(value) : value));
    const { layout: _, ...attributes } = node.attributes;
    const made = node.outputs.map((value) => value && another(graph, value));
    graph.nodes.push({ ...node, inputs, attributes, outputs: made });
    for (const [i, output] of node.outputs.entries()) {
      const value = made[i];
      if (output === null || !value) continue;
      // Y is [steps, directions, batch, hidden] and becomes [batch, steps, directions, hidden].
      const perm = { kind: 'ints', value: i === 0 ? [2, 0, 1, 3] : [1, 0, 2] } as const;
      makes(graph, output, { op: 'Transpose', inputs: [value], attributes: { perm } });
    }
  });
}

const withRank = (value: Value, rank: number) =>
  value.type.shape !== null
    ? value
    : new Value(value.name, {
        dtype: value.type.dtype,
        shape: Array.from({ length: rank }, (_, i) => `${value.name}_${i}`),
      });
