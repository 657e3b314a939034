import { message } from '../../protocol/messages';
import type { Graph, Node } from '../graph/graph';
import { dtypes } from '../tensor';
import type { Ailment } from './ailment';
import { placedOperators } from './operators';
import { another, makes, replaceNode } from './replaceNode';

/** A recurrent operator in float64, which onnxruntime has no kernel for. */
export const noKernel: Ailment = {
  code: 'noKernel',
  isFault: true,
  keepsNumbers: true,
  find: (model) =>
    placedOperators(model).flatMap(({ node, graph, changed }) => {
      if (node.inputs[1]?.type.dtype !== 'float64') return [];
      return [
        {
          node: node.name,
          what: message('The {0} node "{1}" computes in float64.', node.op, node.name),
          why: message('onnxruntime has no kernel for that; a copy that computes this node in float32 runs.'),
          repair: () => {
            narrow(graph, node);
            changed();
          },
        },
      ];
    }),
};

/** Puts a node in float32 in the place of one in float64, with casts before and after it. */
function narrow(graph: Graph, node: Node): void {
  replaceNode(graph, node, (b) => {
    // Input 4 is the lengths, which are whole numbers.
    const inputs = node.inputs.map((value, i) => (value === null || i === 4 ? value : b.cast(value, 'float32')));
    const made = node.outputs.map((value) => value && another(graph, value));
    graph.nodes.push({ ...node, inputs, outputs: made });
    for (const [i, output] of node.outputs.entries()) {
      const value = made[i];
      const to = { kind: 'int', value: dtypes.float64.onnx } as const;
      if (output !== null && value) makes(graph, output, { op: 'Cast', inputs: [value], attributes: { to } });
    }
  });
}
