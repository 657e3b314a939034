import { UnrollError } from '../../protocol/errors';
import type { Builder } from './builder';
import type { Node } from './graph';
import { Value } from './value';

/**
 * Puts work between a value and all that reads it: `write` is given what the value was, under another name, and makes what it is from then
 * on. An input of the graph takes the other name thereby, and so does the output of the node that makes the value, which is another node
 * afterwards. Returns what the value was.
 */
export function interpose(b: Builder, value: Value, write: (before: Value) => Value): Value {
  const { graph } = b;
  const before = new Value(graph.names.claim(`${value.name}.before`), value.type);
  const end = graph.nodes.length;
  const result = write(before);
  const identity: Node = {
    op: 'Identity',
    domain: '',
    name: graph.names.claim('Identity'),
    inputs: [result],
    outputs: [value],
    attributes: {},
  };
  const added = [...graph.nodes.splice(end), identity];
  const place = graph.inputs.indexOf(value);
  if (place >= 0) {
    graph.inputs[place] = before;
    graph.nodes.unshift(...added);
    return before;
  }
  const maker = graph.nodes.findIndex(({ outputs }) => outputs.includes(value));
  const node = graph.nodes[maker];
  if (node === undefined) throw new UnrollError('internal', 'Nothing in the graph makes "{0}".', value.name);
  const outputs = node.outputs.map((output) => (output === value ? before : output));
  graph.nodes.splice(maker, 1, { ...node, outputs }, ...added);
  return before;
}

/** Does `work`, whose nodes stand before all others. They may read inputs and constants alone. */
export function first<T>({ graph }: Builder, work: () => T): T {
  const end = graph.nodes.length;
  const result = work();
  graph.nodes.unshift(...graph.nodes.splice(end));
  return result;
}
