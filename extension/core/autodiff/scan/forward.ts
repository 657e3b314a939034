import type { Builder } from '../../graph/builder';
import type { Node } from '../../graph/graph';
import { Value } from '../../graph/value';
import { at, staticShape } from '../../ops/arguments';
import { exposeStep, type ScanParts } from '../../ops/scan';
import { operator } from '../../ops/table';
import { identityIn } from './identity';
import { type Leaf, type Stack, Stacks } from './stacks';

/**
 * The values of a forward Scan's steps, as stacks. What the Scan already gives out is taken from there; what only copies parts
 * of other values is recomputed; for the rest the Scan gains an output.
 */
export function forwardStacks(b: Builder, node: Node, parts: ScanParts): Leaf {
  const { body, states, inputs, reverse } = parts;
  const steps = at(staticShape('Scan', at(inputs, 0)), 0);
  const made = new Map<Value, Node>();
  for (const inner of body.nodes) for (const output of inner.outputs) if (output !== null) made.set(output, inner);
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

  const expose = (value: Value): Value => {
    const output = body.outputs.includes(value) ? identityIn(body, value) : value;
    const shape = [steps, ...staticShape('Scan', value)];
    const stack = new Value(b.graph.names.claim(`${value.name}_steps`), { dtype: value.type.dtype, shape });
    exposeStep(node, output, stack);
    return stack;
  };

  /** State `i` as each step finds it: the initial value, then what the step before left. */
  const before = (i: number): Value => {
    const left = stackOf(at(body.outputs, i)).value;
    const initial = b.unsqueeze(at(states, i), [0]);
    if (steps === 1) return initial;
    return reverse
      ? b.concat([b.slice(left, 1, steps, 0), initial], 0)
      : b.concat([initial, b.slice(left, 0, steps - 1, 0)], 0);
  };

  const views = new Stacks(b, body.nodes, (value) => {
    const source = made.get(value);
    return source !== undefined && operator(source.op).view ? null : stackOf(value);
  });

  function stackOf(value: Value): Stack {
    const known = given.get(value);
    if (known !== undefined) return known;
    const state = body.inputs.indexOf(value);
    const source = made.get(value);
    const stack = ((): Stack => {
      if (state >= 0) return { value: before(state), stacked: true };
      if (source === undefined) return { value: outside(b, value), stacked: false };
      if (operator(source.op).view) return views.of(value);
      return { value: expose(value), stacked: true };
    })();
    given.set(value, stack);
    return stack;
  }

  const inBody = new Set<Value>([...body.inputs, ...made.keys(), ...body.initializers]);
  return (value) => (inBody.has(value) ? stackOf(value) : null);
}

/** A value that the body only reads; a constant that lives inside the body is given a twin outside. */
function outside(b: Builder, value: Value): Value {
  return value.constant === null ? value : b.constant(value.constant, value.name);
}
