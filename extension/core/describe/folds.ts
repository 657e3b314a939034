import { type Graph, type Node, usesOf } from '../graph/graph';
import type { Value } from '../graph/value';
import type { FoundRecurrence } from '../recurrences/recurrence';
import { cut, longestName } from './texts';

/** Nodes of one graph that one box stands for. */
export interface Fold {
  readonly id: string;
  readonly title: string;
  readonly nodes: Set<Node>;
  /** What they compute together; none for a part of a model of ours. */
  readonly recurrences: readonly FoundRecurrence[];
}

/**
 * The fold of each node that lies in one: those of a recurrence, and where nodes are `named` as in a model of ours, those of a part. A
 * node that several recurrences share makes one fold of them.
 */
export function foldsOf(
  graph: Graph,
  recurrences: readonly FoundRecurrence[],
  named: boolean,
): ReadonlyMap<Node, Fold> {
  const folds = new Map<Node, Fold>();
  let count = 0;
  // Constants are no boxes, so nothing can be folded of them.
  const members = new Set(graph.nodes.filter(({ op }) => op !== 'Constant'));
  for (const recurrence of recurrences) {
    const nodes = [...recurrence.nodes].filter((node) => members.has(node));
    const known = new Set(nodes.flatMap((node) => folds.get(node) ?? []));
    const all = [...known].flatMap((fold) => fold.recurrences);
    const titles = new Set([...all, recurrence].map(({ title }) => title));
    const fold = {
      id: `recurrence ${count++}`,
      title: cut([...titles].join(' + '), longestName),
      nodes: new Set([...[...known].flatMap((fold) => [...fold.nodes]), ...nodes]),
      recurrences: [...all, recurrence],
    };
    for (const node of fold.nodes) folds.set(node, fold);
  }
  takeBetween(graph, folds);
  if (named) {
    for (const [name, nodes] of partsOf(graph)) {
      const free = nodes.filter((node) => !folds.has(node));
      const title = cut(name.replace(/_\d+$/, ''), longestName);
      const fold = { id: `part ${count++}`, title, nodes: new Set(free), recurrences: [] };
      for (const node of free) folds.set(node, fold);
    }
  }
  return folds;
}

/**
 * Takes into each fold the nodes that only it reads and that read from it: sizes of a state for the step after it, such as Keras
 * calculates. Closed, the box would else read what it makes.
 */
function takeBetween(graph: Graph, folds: Map<Node, Fold>): void {
  if (folds.size === 0) return;
  const readers = new Map<Value, Fold | null>(graph.outputs.map((output) => [output, null]));
  const only = new Map<Node, Fold>();
  for (const node of graph.nodes.toReversed()) {
    const known = new Set(
      node.outputs.flatMap((output) => (output && readers.has(output) ? [readers.get(output)] : [])),
    );
    const [reader = null] = known;
    if (!folds.has(node) && known.size === 1 && reader !== null) only.set(node, reader);
    const fold = folds.get(node) ?? only.get(node) ?? null;
    for (const value of usesOf(node))
      readers.set(value, readers.has(value) && readers.get(value) !== fold ? null : fold);
  }
  const makers = new Map<Value, Fold>();
  for (const node of graph.nodes) {
    const reader = node.op === 'Constant' ? undefined : only.get(node);
    if (reader !== undefined && usesOf(node).some((value) => makers.get(value) === reader)) {
      reader.nodes.add(node);
      folds.set(node, reader);
    }
    const fold = folds.get(node);
    if (fold !== undefined) for (const output of node.outputs) if (output !== null) makers.set(output, fold);
  }
}

/** The nodes of each part, by the nodes' names: see `Builder.inPart`. */
function partsOf(graph: Graph): ReadonlyMap<string, readonly Node[]> {
  const members = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    const end = node.op === 'Constant' ? -1 : node.name.indexOf('/');
    if (end < 0) continue;
    const name = node.name.slice(0, end);
    const nodes = members.get(name);
    if (nodes === undefined) members.set(name, [node]);
    else nodes.push(node);
  }
  return members;
}
