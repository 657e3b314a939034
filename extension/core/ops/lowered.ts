import { backpropagate } from '../autodiff/backpropagate';
import type { Builder } from '../graph/builder';
import type { Node } from '../graph/graph';
import type { Value } from '../graph/value';
import type { Operator } from './operator';

/**
 * The gradient of an operator that other operators can write out: it is the gradient of what `lower` builds, whose values stand
 * for the node's outputs in order (null for one that it does not make). So there is no second formula that could be wrong.
 */
export function pullbackOf(lower: (b: Builder, node: Node) => readonly (Value | null)[]): Operator['pullback'] {
  return ({ b, node, cotangent, wants, contribute }) => {
    const before = b.graph.nodes.length;
    const written = lower(b, node);
    const nodes = b.graph.nodes.slice(before);
    const seeds = new Map<Value, Value>();
    written.forEach((value, i) => {
      const d = value === null ? null : cotangent(i);
      if (value !== null && d !== null) seeds.set(value, d);
    });
    const wanted = node.inputs.filter(wants);
    const gradientOf = backpropagate(b, nodes, seeds, wanted);
    for (const input of wanted) {
      const gradient = gradientOf(input);
      if (gradient !== null) contribute(input, gradient);
    }
  };
}
