import type { Graph, Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { axisOf, intOf, intsOf } from '../../ops/arguments';
import { toNumbers } from '../../tensor';
import type { Axes } from '../match/contract';
import { otherAxes } from '../operatorForm';

/** A node that puts the states of all steps side by side. */
export interface Collected {
  readonly node: Node;
  /** The axis of the steps in what it makes. */
  readonly axis: number;
  /** Whether it is an axis of one element of the state, else one more. */
  readonly isOwnAxis: boolean;
  /** Whether the steps lie there from the last place to the first. */
  readonly turned: boolean;
}

/**
 * The nodes of a graph that join `states`, by their places in time, as steps along an axis that holds nothing else; `axes` are those of a
 * state. Values are told by their names, since what was added may know more of their shapes.
 */
export function collectedIn(graph: Graph, states: readonly (readonly Value[])[], axes: Axes): readonly Collected[] {
  const times = new Map(states.flatMap((copies, time) => copies.map(({ name }) => [name, time] as const)));
  const makers = new Map<string, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) if (output !== null) makers.set(output.name, node);
  const unsqueezed = (value: Value | null, axis: number): number | null => {
    const node = value === null ? undefined : makers.get(value.name);
    const [state, listed] = node?.inputs ?? [];
    if (node?.op !== 'Unsqueeze' || node.domain !== '' || !state) return null;
    const constant = listed && (listed.constant ?? constantOf(makers.get(listed.name)));
    const added = constant ? toNumbers(constant) : intsOf(node.attributes, 'axes');
    const [first] = added ?? [];
    const isAxis = added?.length === 1 && first !== undefined && axisOf(first, axes.rank + 1) === axis;
    return isAxis ? (times.get(state.name) ?? null) : null;
  };
  return graph.nodes.flatMap((node): readonly Collected[] => {
    if (node.op !== 'Concat' || node.domain !== '' || node.inputs.length !== states.length) return [];
    const given = intOf(node.attributes, 'axis', 0);
    const own = axisOf(given, axes.rank);
    const isOwnAxis = otherAxes(axes).includes(own) && node.inputs.every((value) => times.has(value?.name ?? ''));
    const axis = isOwnAxis ? own : axisOf(given, axes.rank + 1);
    const order = node.inputs.map((value) =>
      isOwnAxis ? (times.get(value?.name ?? '') ?? null) : unsqueezed(value, axis),
    );
    const last = states.length - 1;
    if (order.every((time, i) => time === i)) return [{ node, axis, isOwnAxis, turned: false }];
    return order.every((time, i) => time === last - i) ? [{ node, axis, isOwnAxis, turned: true }] : [];
  });
}

const constantOf = (node: Node | undefined) => (node?.op === 'Constant' ? (node.outputs[0]?.constant ?? null) : null);
