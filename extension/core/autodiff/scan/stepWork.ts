import type { Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { staticShape } from '../../ops/arguments';
import { liftElementwise } from '../../ops/elementwise';
import { operator } from '../../ops/table';
import { sizeOf } from '../../tensor';

/**
 * Numbers in a state from which on the forward step itself computes the factors that the backward loop needs. A state of this size
 * and what it is multiplied by are in the caches while the step runs, and all steps at once are not; with smaller states the calls
 * of more nodes in every step cost more than that saves.
 */
const stepWorkFrom = 8192;

/**
 * Decides which free values of a step's gradient the forward step shall compute: elementwise ones, where states are large.
 *
 * `nodes` are those of the gradient, `waiting` the placeholders of what reaches it from outside the forward step. Returns the nodes
 * that make a value, in order, or null where it is to be made elsewhere.
 */
export function stepWork(
  nodes: readonly Node[],
  waiting: ReadonlySet<Value>,
  states: readonly Value[],
): (value: Value) => readonly Node[] | null {
  if (!states.some((state) => sizeOf(staticShape('Scan', state)) >= stepWorkFrom)) return () => null;
  const makers = new Map<Value, Node>();
  for (const node of nodes) for (const output of node.outputs) if (output !== null) makers.set(output, node);

  /** The nodes that `value` takes, or null where one of them is not for the forward step. */
  const gather = (value: Value, found: Set<Node>): Set<Node> | null => {
    if (waiting.has(value)) return null;
    const node = makers.get(value);
    if (node === undefined || found.has(node)) return found;
    const cheap = operator(node.op).lift === liftElementwise || node.op === 'Concat' || node.op === 'Split';
    const rest = node.inputs.filter((input) => input !== null);
    if (!cheap || rest.some((input) => gather(input, found) === null)) return null;
    return found.add(node);
  };
  return (value) => {
    if (!makers.has(value)) return null;
    const found = gather(value, new Set());
    return found === null ? null : [...found];
  };
}
