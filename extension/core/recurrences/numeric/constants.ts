import type { Graph, Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { applyNode, isNumeric } from './evaluate';
import { NotNumeric, type Numbers, numbersOf } from './numbers';

/** Says what a value is in every run; null for one that depends on the inputs of the model. */
export type Constants = (value: Value) => Numbers | null;

/**
 * The values of `graph` that are the same in every run: its constants, and what its nodes make of them alone, such as weights that are
 * kept in eight bits. Each is evaluated when it is asked for, once. `outer` knows those of the graphs around it.
 */
export function constantsOf(graph: Graph, outer: Constants = () => null): Constants {
  const known = new Map<Value, Numbers | null>();
  const makers = new Map<Value, Node>();
  for (const node of graph.nodes) {
    for (const output of node.outputs) if (output !== null) makers.set(output, node);
  }
  const inside = new Set<Value>([...graph.inputs, ...graph.initializers, ...makers.keys()]);
  const settle = (value: Value): Numbers | null => {
    if (value.constant !== null) return within(() => numbersOf(value.constant as NonNullable<Value['constant']>));
    return inside.has(value) ? null : outer(value);
  };
  return (wanted) => {
    // Without recursion: a chain of nodes may be longer than the stack is deep.
    const open: Value[] = [wanted];
    while (open.length > 0) {
      const value = open[open.length - 1] as Value;
      const node = value.constant === null ? makers.get(value) : undefined;
      if (known.has(value)) {
        open.pop();
      } else if (node === undefined) {
        known.set(value, settle(value));
        open.pop();
      } else if (!isNumeric(node)) {
        known.set(value, null);
        open.pop();
      } else {
        const missing = node.inputs.filter((input) => input !== null && !known.has(input)) as Value[];
        const hopeless = node.inputs.some((input) => input !== null && known.get(input) === null);
        if (!hopeless && missing.length > 0) {
          // One at a time: what depends on an input of the model is mostly seen at the first.
          open.push(missing[0] as Value);
          continue;
        }
        const results = hopeless
          ? null
          : within(() =>
              applyNode(
                node,
                node.inputs.map((input) => (input === null ? null : (known.get(input) ?? null))),
              ),
            );
        node.outputs.forEach((output, i) => {
          if (output !== null) known.set(output, results?.[i] ?? null);
        });
        open.pop();
      }
    }
    return known.get(wanted) ?? null;
  };
}

function within<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotNumeric) return null;
    throw error;
  }
}
