import { UnrollError } from '../../../protocol/errors';
import { recurrence, type StateChanges } from '../../cells/recurrence';
import type { Builder } from '../../graph/builder';
import { type Graph, type Node, usesOf } from '../../graph/graph';
import { type Dim, Value } from '../../graph/value';
import { expose, exposed, type TracedLayer } from '../../trace/tracedLayer';
import type { Axes } from '../match/contract';
import { layerOf } from '../tracedCell';
import type { UnrolledRecurrence } from './findUnrolled';
import { runOf } from './lowered';
import type { Term } from './terms';

/** What is known of the states of a recurrence that are about to be changed. */
export interface ChangedStates {
  readonly states: readonly string[];
  readonly units: number;
  readonly steps: Dim;
  readonly batch: Dim;
}

/**
 * Puts the written-out cell in the place of all steps, its states changed: whatever read the state of a step reads the cell's.
 * @throws UnrollError `model` where the cell cannot be written out for all steps.
 */
export function replaceUnrolled(
  b: Builder,
  found: UnrolledRecurrence,
  changesOf: (about: ChangedStates) => StateChanges,
): TracedLayer {
  const { rolled, name } = found;
  const { cell: matched, order, repeated } = rolled;
  const run = matched === null ? null : runOf(b, name, rolled, matched);
  if (matched === null || run === null) throw new UnrollError('model', 'The states of {0} cannot be changed.', name);
  const { cell, hidden, stateAxes } = matched;
  const layer = layerOf(b, run);
  const batch = layer.x.type.shape?.[2] ?? 'batch';
  const { signals } = recurrence(b, {
    ...layer,
    signals: cell.signals.map((signal) => signal.name),
    changes: changesOf({ states: cell.states, units: hidden, steps: order.length, batch }),
  });
  const places = new Places(b);
  for (const [i, state] of cell.states.entries()) {
    const after = repeated.pattern.after[matched.stateOrder[i] ?? -1];
    const all = signals.get(state);
    if (after === undefined || all === undefined) throw new UnrollError('internal', 'A cell gives out no {0}.', state);
    const steps = b.split(
      all,
      order.map(() => 1),
      0,
    );
    for (const [time, step] of order.entries()) {
      const term = repeated.steps[step]?.get(after);
      const value = steps[time];
      if (term !== undefined && value !== undefined)
        places.give(found.makers(term), term, asState(b, value, stateAxes));
    }
  }
  const idle = places.now(found.nodes);
  const batchFirst = new Map([...signals].map(([key, value]) => [key, b.transpose(value, [0, 2, 1])]));
  const output = batchFirst.get(cell.output);
  if (output === undefined) throw new UnrollError('internal', 'A cell gives out no {0}.', cell.output);
  const traced: TracedLayer = {
    node: name,
    op: cell.title,
    direction: rolled.reverse ? 'reverse' : 'forward',
    hidden,
    equations: cell.steps.map(({ text }) => text),
    signals: exposed(b, cell, batchFirst),
    states: cell.states,
    fused: { output: expose(b, b.unsqueeze(output, [1])), direction: 0, signal: cell.output },
  };
  settle(b.graph, (node) => idle.has(node));
  return traced;
}

/** One step, [1, hidden, batch], as the model lays its state out. */
function asState(b: Builder, step: Value, { rank, units, batch }: Axes): Value {
  const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== units && axis !== batch);
  // [1, hidden, batch] and more axes of one element.
  const spare = batch === null ? rank - 1 : rank - 2;
  const bare = b.squeeze(step, batch === null ? [0, 2] : [0]);
  const wide =
    spare === 0
      ? bare
      : b.unsqueeze(
          bare,
          others.map((_, i) => rank - spare + i),
        );
  const from = new Map<number, number>([[units, 0]]);
  if (batch !== null) from.set(batch, 1);
  for (const [i, axis] of others.entries()) from.set(axis, rank - spare + i);
  return b.transpose(
    wide,
    Array.from({ length: rank }, (_, axis) => from.get(axis) ?? 0),
  );
}

/** The nodes of a graph, of which some hand on what others make from now on. */
class Places {
  private readonly places: ReadonlyMap<Node, number>;

  constructor(private readonly b: Builder) {
    this.places = new Map(b.graph.nodes.map((node, i) => [node, i] as const));
  }

  /** Lets `value` stand where the nodes of the model made `term`. */
  give(makers: readonly Node[], { output: index, value: { type } }: Term, value: Value): void {
    const { graph } = this.b;
    const made = this.b.cast(value, type.dtype);
    for (const node of makers) {
      const place = this.places.get(node);
      const output = node.outputs[index];
      if (place === undefined || !output) continue;
      // Nobody reads what the model made there any more.
      const outputs = [...(graph.nodes[place]?.outputs ?? [])];
      outputs[index] = new Value(graph.names.claim('replaced'), output.type);
      graph.nodes[place] = { ...node, outputs };
      const name = graph.names.claim('Identity');
      graph.nodes.push({ op: 'Identity', domain: '', name, inputs: [made], outputs: [output], attributes: {} });
    }
  }

  /** The nodes that stand where these stood. */
  now(nodes: Iterable<Node>): ReadonlySet<Node> {
    return new Set(
      [...nodes].flatMap((node) => {
        const place = this.places.get(node);
        return (place === undefined ? undefined : this.b.graph.nodes[place]) ?? [];
      }),
    );
  }
}

/** Orders nodes so that each stands after what it reads, and leaves out the idle ones that nothing needs. */
export function settle(graph: Graph, isIdle: (node: Node) => boolean): void {
  const makers = new Map<string, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) if (output !== null) makers.set(output.name, node);
  const reads = (node: Node) => usesOf(node).flatMap(({ name }) => makers.get(name) ?? []);
  const needed = new Set<Node>();
  const open = graph.nodes.filter((node) => !isIdle(node));
  for (const { name } of graph.outputs) {
    const maker = makers.get(name);
    if (maker !== undefined) open.push(maker);
  }
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    open.push(...reads(node));
  }
  const placed = new Set<Node>();
  const entered = new Set<Node>();
  const ordered: Node[] = [];
  for (const start of graph.nodes) {
    // Without recursion: as many nodes may follow one another as there are.
    const way = needed.has(start) ? [start] : [];
    for (let node = way.at(-1); node !== undefined; node = way.at(-1)) {
      const missing = entered.has(node) ? [] : reads(node).filter((maker) => !placed.has(maker));
      entered.add(node);
      if (missing.length > 0) {
        way.push(...missing);
        continue;
      }
      way.pop();
      if (placed.has(node)) continue;
      placed.add(node);
      ordered.push(node);
    }
  }
  graph.nodes = ordered;
}
