import { Graph, layout } from '@dagrejs/dagre';
import type { DiagramEdge, DiagramNode, ModelDescription } from '../../extension/protocol/model';

export interface PlacedNode {
  readonly node: DiagramNode;
  /** Top left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedEdge {
  readonly edge: DiagramEdge;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Middle of the label. */
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly width: number;
  readonly height: number;
}

/** Measures a text in pixels. */
export type Measure = (text: string, kind: 'title' | 'note') => number;

const nodeHeight = 64;

/** Places a diagram's boxes, from left to right where it is wide enough and from top to bottom where it is not. */
export function place(
  diagram: ModelDescription['diagram'],
  across: boolean,
  measure: Measure,
  notes: (node: DiagramNode) => readonly string[],
): Layout {
  const graph = new Graph({ multigraph: true });
  const labelRoom = across ? 24 : 20;
  graph.setGraph({
    rankdir: across ? 'LR' : 'TB',
    nodesep: 24,
    ranksep: labelRoom,
    marginx: across ? 2 : 24,
    marginy: 24,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of diagram.nodes) {
    const wide = Math.max(measure(node.title, 'title'), ...notes(node).map((note) => measure(note, 'note')));
    graph.setNode(node.id, { width: Math.max(88, Math.ceil(wide) + 24), height: nodeHeight });
  }
  const known = new Set(diagram.nodes.map(({ id }) => id));
  const edges = diagram.edges.filter(({ from, to }) => known.has(from) && known.has(to));
  for (const [i, { from, to, label }] of edges.entries()) {
    // From top to bottom a label stands on the right of its line.
    const place = across ? { labelpos: 'c' } : { labelpos: 'r', labeloffset: 4 };
    const width = Math.ceil(measure(label, 'note')) + (across ? 16 : 4);
    graph.setEdge(from, to, { width, height: 16, ...place }, String(i));
  }
  layout(graph);
  const nodes = diagram.nodes.map((node) => {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(node.id);
    return { node, x: x - width / 2, y: y - height / 2, width, height };
  });
  const placed = edges.map((edge, i) => {
    const { points = [], x = 0, y = 0 } = graph.edge(edge.from, edge.to, String(i));
    return { edge, points, x, y };
  });
  const { width = 0, height = 0 } = graph.graph();
  return { nodes, edges: placed, width, height };
}
