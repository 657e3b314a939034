import type { Builder } from '../../graph/builder';
import type { Node } from '../../graph/graph';
import { Value } from '../../graph/value';
import { at, staticShape } from '../../ops/arguments';
import { exposeStep, type ScanParts } from '../../ops/scan';
import { operator } from '../../ops/table';
import { identityIn } from './identity';
import { type Leaf, type Stack, Stacks } from './stacks';

/**
 * The values of a forward Scan's steps, as stacks. What the Scan already gives out is taken from there, and what only copies parts
 * of that is recomputed; for the rest the Scan gains an output.
 *
 * `work` are the nodes that make a value which is no part of the forward step, but which the forward step shall compute: they move
 * there. Null for values that are made elsewhere.
 */
export function forwardStacks(
  b: Builder,
  node: Node,
  parts: ScanParts,
  work: (value: Value) => readonly Node[] | null,
): Leaf {
  const { body, states, inputs } = parts;
  const steps = at(staticShape('Scan', at(inputs, 0)), 0);
  const made = new Map<Value, Node>();
  const note = (inner: Node) => {
    for (const output of inner.outputs) if (output !== null) made.set(output, inner);
  };
  body.nodes.forEach(note);
  const given = new Map<Value, Stack>();

  const remember = (value: Value, stack: Value) => given.set(value, { value: stack, stacked: true });
  for (const [i, input] of inputs.entries()) remember(at(body.inputs, states.length + i), input);
  body.outputs.slice(states.length).forEach((output, i) => {
    const stack = node.outputs[states.length + i];
    if (!stack) return;
    // The body's output is often an Identity of the value that the gradient asks for.
    const source = made.get(output);
    remember(output, stack);
    if (source?.op === 'Identity' && source.inputs[0]) remember(source.inputs[0], stack);
  });

  /** A new output of the Scan. A state as a step finds it is an input of the body, which must be copied to be given out. */
  const expose = (value: Value): Value => {
    const direct = made.has(value) && !body.outputs.includes(value);
    const shape = [steps, ...staticShape('Scan', value)];
    const stack = new Value(b.graph.names.claim(`${value.name}_steps`), { dtype: value.type.dtype, shape });
    exposeStep(node, direct ? value : identityIn(body, value), stack);
    return stack;
  };

  /** Whether `value` copies parts of one value that is given out already. */
  const isPartOfGiven = (value: Value): boolean => {
    const source = made.get(value);
    const from = source?.inputs[0];
    return source !== undefined && from != null && source.op !== 'Concat' && isView(source) && given.has(from);
  };
  const views = new Stacks(b, body.nodes, (value) => (isPartOfGiven(value) ? null : stackOf(value)));

  function stackOf(value: Value): Stack {
    const known = given.get(value);
    if (known !== undefined) return known;
    const stack = ((): Stack => {
      if (isPartOfGiven(value)) return views.of(value);
      if (made.has(value) || body.inputs.includes(value)) return { value: expose(value), stacked: true };
      return { value: outside(b, value), stacked: false };
    })();
    given.set(value, stack);
    return stack;
  }

  const inBody = new Set<Value>([...body.inputs, ...made.keys(), ...body.initializers]);
  return (value) => {
    if (inBody.has(value)) return stackOf(value);
    const nodes = work(value);
    if (nodes === null) return null;
    for (const inner of nodes) {
      if (inner.outputs.some((output) => output !== null && made.has(output))) continue;
      body.nodes.push(inner);
      note(inner);
      for (const output of inner.outputs) if (output !== null) inBody.add(output);
    }
    return stackOf(value);
  };
}

const isView = ({ op }: Node) => operator(op).view === true;

/** A value that the body only reads; a constant that lives inside the body is given a twin outside. */
function outside(b: Builder, value: Value): Value {
  return value.constant === null ? value : b.constant(value.constant, value.name);
}
