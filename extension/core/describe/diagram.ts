import { message } from '../../protocol/messages';
import type { Diagram, DiagramEdge, DiagramGroup, DiagramNode } from '../../protocol/model';
import { carriedInputs, withoutCarried } from '../graph/carried';
import { bodiesOf, type Graph, type Node, usesOf } from '../graph/graph';
import type { Value } from '../graph/value';
import type { Outline } from '../onnx/read';
import type { FoundRecurrence } from '../recurrences/recurrence';
import { isUnrolled } from '../recurrences/unrolled/findUnrolled';
import { Boxes } from './boxes';
import { type Fold, foldsOf } from './folds';
import { repeatsOf } from './repeats';
import { cut, longestName, type ShapeWriter, shapeWriter } from './texts';

/** More boxes than this nobody looks through, and they would be slow to hand over. */
const mostBoxes = 20_000;

/** Operators that only lay numbers out anew: they are drawn as part of the arrow. */
const layoutOnly: ReadonlySet<string> = new Set(['Identity', 'Reshape', 'Squeeze', 'Transpose', 'Unsqueeze']);

/**
 * One box a node, constants and mere changes of layout left out. The nodes of a recurrence, and in a file of ours (`named`) those of a
 * part, share a box that opens into them; so do Scan, Loop and If into their bodies. Blocks that repeat are grouped. Edges carry shapes.
 * What a file of ours carries from call to call is drawn nowhere: each state would be two boxes beside those that matter.
 */
export function diagramOf(outline: Outline, recurrences: readonly FoundRecurrence[], named: boolean): Diagram {
  const graph = named ? withoutCarried(outline.graph) : outline.graph;
  const writer = new DiagramWriter(new Boxes(outline, fixedIn(graph)), outline.later);
  if (named) writer.leaveOut(carriedInputs(outline.graph));
  writer.graph(graph, null, foldsOf(graph, recurrences, named), new Set());
  writer.finish();
  const bounded = boundedOf({ ...writer, notes: outline.problems });
  return { ...repeatsOf(bounded), notes: bounded.notes };
}

/** The diagram without the boxes after the first so many, where it has more. */
export function boundedOf(diagram: Diagram, most = mostBoxes): Diagram {
  if (diagram.nodes.length <= most) return diagram;
  const nodes = diagram.nodes.slice(0, most);
  const kept = new Set(nodes.map(({ id }) => id));
  const groups = new Map(diagram.groups.map((group) => [group.id, group] as const));
  const held = new Set<string>();
  for (const { group } of nodes) {
    for (let at = group; at !== null && !held.has(at); at = groups.get(at)?.parent ?? null) held.add(at);
  }
  return {
    nodes: nodes.map((node) => ({ ...node, bodies: node.bodies.filter((body) => held.has(body)) })),
    edges: diagram.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
    groups: diagram.groups.filter(({ id }) => held.has(id)),
    notes: [
      ...diagram.notes,
      message('This model has {0} boxes; only the first {1} are drawn.', diagram.nodes.length, most),
    ],
  };
}

/** The weights and constants of a graph and of those in it. */
export function* fixedIn(graph: Graph): Generator<Value> {
  yield* graph.initializers;
  for (const node of graph.nodes) {
    for (const output of node.outputs) if (output !== null && node.op === 'Constant') yield output;
    for (const body of bodiesOf(node)) yield* fixedIn(body);
  }
}

/** Where a value comes from: the box of its node, and that or the box that stands for it while its fold is closed. */
interface Maker {
  readonly box: string;
  readonly closed: string;
  readonly graph: Graph;
}

class DiagramWriter {
  readonly nodes: DiagramNode[] = [];
  readonly edges: DiagramEdge[] = [];
  readonly groups: DiagramGroup[] = [];
  private readonly makers = new Map<Value, Maker | null>();
  private readonly known = new Set<string>();
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly boxes: Boxes,
    private readonly later: Outline['later'],
  ) {}

  /** Makes values come from nowhere: no arrow leads from them. */
  leaveOut(values: readonly Value[]): void {
    for (const value of values) this.makers.set(value, null);
  }

  /** Draws what could not be drawn when it was come by. */
  finish(): void {
    for (const connect of this.waiting) connect();
  }

  /** Draws a graph into a group. `names` are those of the free dimensions that are known around it. */
  graph(graph: Graph, group: string | null, folds: ReadonlyMap<Node, Fold>, names: ReadonlySet<string>): void {
    const known = new Set([...names, ...namedDims(graph)]);
    const shape = shapeWriter(known);
    const at = group === null ? '' : `${group}/`;
    graph.inputs.forEach((input, i) => {
      const id = `${at}input ${i}`;
      this.makers.set(input, { box: id, closed: id, graph });
      this.nodes.push(this.boxes.border(id, 'input', input, group, shape));
    });
    const left = new Map([...folds.values()].map((fold) => [fold, fold.nodes.size] as const));
    const inside = new Map<Fold, (() => void)[]>();
    graph.nodes.forEach((node, i) => {
      if (node.op === 'Constant') return;
      const fold = folds.get(node) ?? null;
      const id = `${at}node ${i}`;
      const place: Place = { graph, node, id, group, shape, names: known };
      if (fold === null || fold.nodes.size === 1) {
        this.node(place, fold);
        return;
      }
      // The box of several nodes stands where the last of them does, and they after it.
      const closed = `${at}${fold.id}`;
      const draw = inside.get(fold) ?? [];
      inside.set(fold, draw);
      const parts = this.reach(place, closed);
      if (parts !== null) draw.push(() => this.inner(parts, `${closed}/nodes`));
      left.set(fold, (left.get(fold) ?? 0) - 1);
      if (left.get(fold) !== 0) return;
      const opened = `${closed}/nodes`;
      this.nodes.push({ ...this.boxes.fold(closed, fold, group, shape), bodies: [opened] });
      const kind = fold.recurrences.length > 0 ? 'recurrence' : 'part';
      this.groups.push({ id: opened, title: fold.title, kind, parent: group, count: stepsOf(fold), node: closed });
      for (const step of draw) step();
    });
    graph.outputs.forEach((output, i) => {
      const id = `${at}output ${i}`;
      this.nodes.push(this.boxes.border(id, 'output', output, group, shape));
      this.connect(output, { box: id, closed: id, graph }, shape);
    });
  }

  /** A node with a box of its own that nothing else stands for. */
  private node(place: Place, fold: Fold | null): void {
    if (fold === null && this.passes(place)) return;
    const { graph, node, id, group, shape } = place;
    const maker = { box: id, closed: id, graph };
    const box = this.boxes.node(id, node, group, shape, fold);
    const at = this.nodes.push(box) - 1;
    for (const value of usesOf(node)) this.connect(value, maker, shape);
    for (const output of node.outputs) if (output !== null) this.makers.set(output, maker);
    this.nodes[at] = { ...box, bodies: this.bodies(place) };
  }

  /** Connects a node of a fold; null for one that is not drawn. */
  private reach(place: Place, closed: string): (Place & { readonly maker: Maker }) | null {
    const { graph, node, id, shape } = place;
    const maker = { box: id, closed, graph };
    // What it reads reaches the closed box even where it is itself a part of an arrow.
    if (layoutOnly.has(node.op)) for (const value of usesOf(node)) this.connect(value, maker, shape, 'closed');
    if (this.passes(place, closed)) return null;
    for (const value of usesOf(node)) this.connect(value, maker, shape);
    for (const output of node.outputs) if (output !== null) this.makers.set(output, maker);
    return { ...place, maker };
  }

  private inner(place: Place, group: string): void {
    const { node, id, shape } = place;
    const box = this.boxes.node(id, node, group, shape, null);
    const at = this.nodes.push(box) - 1;
    this.nodes[at] = { ...box, bodies: this.bodies({ ...place, group }) };
  }

  /** Whether a node is only a part of an arrow: what it makes then comes from where it reads. */
  private passes({ node, graph }: Place, closed: string | null = null): boolean {
    const from = layoutOnly.has(node.op) && node.inputs[0] ? this.makers.get(node.inputs[0]) : undefined;
    if (from === undefined) return false;
    const maker = closed === null || from === null ? from : { box: from.box, closed, graph };
    for (const output of node.outputs) if (output !== null) this.makers.set(output, maker);
    return true;
  }

  /** Draws what a node holds; answers with the groups. */
  private bodies({ node, id, group, names }: Place): string[] {
    return Object.entries(node.attributes).flatMap(([name, attribute], i) => {
      if (attribute.kind !== 'graph') return [];
      const body = `${id}/body ${i}`;
      this.groups.push({ id: body, title: cut(name, longestName), kind: 'body', parent: group, count: 1, node: id });
      this.graph(attribute.value, body, new Map(), names);
      return [body];
    });
  }

  /** Draws what flows to a box: between the nodes themselves, and between the boxes that stand for them. */
  private connect(value: Value, to: Maker, shape: ShapeWriter, only: 'closed' | null = null): void {
    const made = this.later.get(value);
    if (made !== undefined) this.waiting.push(() => this.connect(made, to, shape, only));
    const from = this.makers.get(value);
    if (from === undefined || from === null) return;
    const label = shape(value);
    // What a body reads from around it comes from the node itself: a closed box may be the one that holds the body.
    if (from.graph === to.graph) this.edge(from.closed, to.closed, label);
    if (only === null) this.edge(from.box, to.box, label);
  }

  private edge(from: string, to: string, label: string): void {
    // No id holds a line break: they are made here.
    const key = `${from}\n${to}\n${label}`;
    if (from === to || this.known.has(key)) return;
    this.known.add(key);
    this.edges.push({ from, to, label });
  }
}

/** How many steps of a recurrence stand there one after the other. */
const stepsOf = ({ recurrences }: Fold) =>
  Math.max(1, ...recurrences.filter(isUnrolled).map(({ rolled }) => rolled.order.length));

/** A node where it is drawn. */
interface Place {
  readonly graph: Graph;
  readonly node: Node;
  readonly id: string;
  readonly group: string | null;
  readonly shape: ShapeWriter;
  readonly names: ReadonlySet<string>;
}

const namedDims = ({ inputs }: Graph) =>
  inputs.flatMap(({ type }) => (type.shape ?? []).filter((dim) => typeof dim === 'string'));
