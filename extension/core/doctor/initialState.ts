import { message } from '../../protocol/messages';
import { type Graph, type Node, usesOf } from '../graph/graph';
import { Value } from '../graph/value';
import type { Model } from '../onnx/read';
import { producer } from '../onnx/write';
import { intOf } from '../ops/arguments';
import { toNumbers } from '../tensor';
import type { Ailment } from './ailment';
import { operatorsOf } from './operators';

/** A recurrence whose states cannot be given, so that a long sequence cannot be read in pieces. */
export const initialState: Ailment = {
  code: 'initialState',
  isFault: false,
  keepsNumbers: true,
  find: (model) => {
    // What we wrote has its states where a sequence can be gone on with.
    if (model.proto.producerName === producer) return [];
    return operatorsOf(model).flatMap((node) => {
      // What reads backwards needs the end of a sequence first.
      const direction = node.attributes['direction'];
      if (direction?.kind === 'string' && direction.value !== 'forward') return [];
      if (statesOf(node).every(({ input }) => isGiven(model.graph, node.inputs[input]))) return [];
      // States that are not zero are weights that were learnt: whoever gives others has to know them.
      const learnt = statesOf(node).some(({ input }) => isNotZero(node.inputs[input]));
      return [
        {
          node: node.name,
          what: message('The {0} node "{1}" does not take its initial state from an input.', node.op, node.name),
          why: message(
            'Every run starts anew, so a long sequence cannot be gone on with in a second run; a copy can take its states as inputs and give the last ones out.',
          ),
          repair: learnt ? null : () => openStates(model, node),
        },
      ];
    });
  },
};

const statesOf = ({ op }: Node) => (op === 'LSTM' ? [hiddenState, cellState] : [hiddenState]);
const hiddenState = { name: 'h', input: 5, output: 1 } as const;
const cellState = { name: 'c', input: 6, output: 2 } as const;

/** Whether a value is made of what an input of the model holds, and not of its size alone. */
function isGiven({ nodes, inputs }: Graph, value: Value | null | undefined): boolean {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const seen = new Set<Value>();
  const left = value ? [value] : [];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (inputs.includes(next)) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    const node = makers.get(next);
    if (node !== undefined && node.op !== 'Shape') left.push(...usesOf(node));
  }
  return false;
}

const isNotZero = (value: Value | null | undefined) =>
  value?.constant != null && toNumbers(value.constant).some((number) => number !== 0);

/** Makes the states of a node inputs of the model, and its last states outputs. */
function openStates({ graph }: Model, node: Node): void {
  const batchFirst = intOf(node.attributes, 'layout', 0) === 1;
  const X = node.inputs[0]?.type.shape;
  const batch = X?.[batchFirst ? 0 : 1] ?? 'batch';
  const [directions = 1] = node.inputs[1]?.type.shape ?? [];
  const hidden = node.inputs[2]?.type.shape?.[2] ?? 'hidden';
  const dtype = node.inputs[1]?.type.dtype ?? 'float32';
  const shape = batchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
  const place = node.name.replace(/[^\w]+/g, '_').replace(/^_+|_+$/g, '') || node.op;
  const inputs = [...node.inputs];
  const outputs = [...node.outputs];
  while (inputs.length < 5) inputs.push(null);
  for (const { name, input, output } of statesOf(node)) {
    if (!isGiven(graph, inputs[input])) inputs[input] = graph.input(`${place}_${name}0`, { dtype, shape });
    while (outputs.length <= output) outputs.push(null);
    const last = outputs[output] ?? new Value(graph.names.claim(`${place}_${name}n`), { dtype, shape });
    outputs[output] = last;
    if (!graph.outputs.includes(last)) graph.outputs.push(last);
  }
  graph.nodes[graph.nodes.indexOf(node)] = { ...node, inputs, outputs };
}
