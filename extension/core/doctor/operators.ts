import { isFused } from '../cells/fusedCell';
import { bodiesOf, type Graph, type Node } from '../graph/graph';
import type { Model } from '../onnx/read';
import { findRecurrences } from '../recurrences/findRecurrences';
import type { FoundRecurrence } from '../recurrences/recurrence';

const found = new WeakMap<Model, readonly FoundRecurrence[]>();

/** The recurrences of a model as it was read: every ailment asks for them, and to find them takes the longest. */
export function recurrencesOf(model: Model): readonly FoundRecurrence[] {
  const known = found.get(model) ?? findRecurrences(model.graph);
  found.set(model, known);
  return known;
}

/** The fused recurrent operators of a model. */
export const operatorsOf = (model: Model): readonly Node[] =>
  recurrencesOf(model).flatMap(({ realisation, node }) => (realisation === 'operator' && node !== null ? [node] : []));

/** A fused recurrent operator in a model or in a body of it. */
export interface PlacedOperator {
  readonly node: Node;
  /** The graph that it stands in. */
  readonly graph: Graph;
  /** To be called after that graph was changed, so that the node that holds it is written anew. */
  readonly changed: () => void;
}

/** The fused recurrent operators of a model, those in the bodies of its nodes among them. */
export function placedOperators(model: Model): readonly PlacedOperator[] {
  const top = model.graph;
  const within = (graph: Graph, changed: () => void): readonly PlacedOperator[] =>
    graph.nodes.flatMap((node) => [
      ...(isFused(node.op) && node.domain === '' ? [{ node, graph, changed }] : []),
      ...bodiesOf(node).flatMap((body) => within(body, changed)),
    ]);
  const inBodies = top.nodes.flatMap((holder) => {
    let now = holder;
    const changed = () => {
      const copy = { ...now };
      top.nodes[top.nodes.indexOf(now)] = copy;
      now = copy;
    };
    return bodiesOf(holder).flatMap((body) => within(body, changed));
  });
  return [...operatorsOf(model).map((node) => ({ node, graph: top, changed: () => undefined })), ...inBodies];
}
