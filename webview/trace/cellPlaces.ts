import type { CellGraph, CellNode } from './cellGraph';

/** Where a node stands on the grid of the drawing. */
export interface CellPlace {
  readonly node: CellNode;
  readonly column: number;
  readonly row: number;
}

/** Where a state comes in on the left or goes out on the right. */
export interface CellEnd {
  readonly state: string;
  /** The node that a wire leaves from. */
  readonly from: string;
  readonly row: number;
}

/** A cell on a grid: its nodes, the states that come in on the left edge and go out on the right one. */
export interface PlacedCell {
  readonly columns: number;
  readonly rows: number;
  readonly places: readonly CellPlace[];
  readonly sources: readonly CellEnd[];
  readonly results: readonly CellEnd[];
}

/**
 * Places a cell as it is usually drawn: a state that is carried on by single numbers runs along the top in a lane of its own;
 * the gates stand beside each other below, in the order in which they are used; what is read runs along the bottom, x comes from
 * below. What combines gates stands between them and the lanes.
 */
export function placeCell(graph: CellGraph): PlacedCell {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const lanes = lanesOf(graph, byId);
  const laneOf = new Map(lanes.flatMap(({ path }, lane) => path.map((id) => [id, lane])));
  const ordered = orderOf(graph, byId, lanes);
  const middle = lanes.length;
  const hasMiddle = ordered.some(({ id, kind }) => (kind === 'operator' || kind === 'function') && !laneOf.has(id));
  const gateRow = middle + (hasMiddle ? 1 : 0);
  const busRow = gateRow + 1;
  const readers = (id: string) => graph.nodes.filter(({ inputs }) => inputs.some(({ from }) => from === id)).length;

  const places = new Map<string, CellPlace>();
  const taken = new Set<string>();
  const put = (node: CellNode, column: number, row: number) => {
    taken.add(`${column} ${row}`);
    places.set(node.id, { node, column, row });
  };
  const columnOf = (id: string) => places.get(id)?.column ?? 0;
  /** The first column from `column` on in which one of the rows is free. */
  const firstFree = (column: number, rows: readonly number[]): readonly [number, number] => {
    for (let at = column; ; at++) {
      const row = rows.find((wanted) => !taken.has(`${at} ${wanted}`));
      if (row !== undefined) return [at, row];
    }
  };
  let nextGate = 1;
  for (const node of ordered) {
    const read = node.inputs.map(({ from }) => from).filter((id) => places.has(id));
    const after = Math.max(0, ...read.map(columnOf));
    const lane = laneOf.get(node.id);
    if (node.kind === 'state') continue;
    if (node.kind === 'input') put(node, 0, busRow + 1);
    else if (node.kind === 'join') put(node, 0, busRow);
    else if (node.kind === 'gate' || node.kind === 'linear') {
      const beside = read.some((id) => byId.get(id)?.kind === 'operator') ? after + 1 : nextGate;
      const [column, row] = firstFree(Math.max(nextGate, beside), [gateRow]);
      put(node, column, row);
      nextGate = column + 1;
    } else if (lane !== undefined) {
      const [column, row] = firstFree(Math.max(1, after), [lane]);
      put(node, column, row);
    } else if (node.inputs.length === 1) {
      const [from = ''] = read;
      // What leaves a lane goes down behind the gates that stand there; what others read too leaves them the way up.
      const column = laneOf.has(from) ? Math.max(nextGate, after) : readers(from) > 1 ? after + 1 : after;
      const [at, row] = firstFree(Math.max(1, column), [middle]);
      put(node, at, row);
      if (laneOf.has(from)) nextGate = Math.max(nextGate, at + 1);
    } else {
      // Under a function of a lane there is room beside the gate that it is multiplied with.
      const under = read.some((id) => {
        const place = places.get(id);
        const [source] = byId.get(id)?.inputs ?? [];
        return place?.column === after && place.row === middle && source !== undefined && laneOf.has(source.from);
      });
      const [column, row] = firstFree(Math.max(1, after), under ? [gateRow, middle] : [middle]);
      put(node, column, row);
      if (row === gateRow) nextGate = Math.max(nextGate, column + 1);
    }
  }
  const { sources, results } = endsOf(graph, lanes, places, busRow);
  const columns = 1 + Math.max(0, ...[...places.values()].map(({ column }) => column));
  const rows = 1 + Math.max(busRow, ...[...places.values(), ...sources, ...results].map(({ row }) => row));
  return { columns, rows, places: [...places.values()], sources, results };
}

interface Lane {
  readonly state: string;
  /** Nodes from the state before the step to the one after it. */
  readonly path: readonly string[];
}

/** The states that reach their own next value by way of single numbers, without passing a gate. */
function lanesOf({ results }: CellGraph, byId: ReadonlyMap<string, CellNode>): readonly Lane[] {
  const used = new Set<string>();
  return results.flatMap(({ state, from }) => {
    const walk = (id: string): readonly string[] | null => {
      const node = byId.get(id);
      if (node === undefined || used.has(id)) return null;
      if (node.kind === 'state') return node.label === state ? [] : null;
      if (node.kind !== 'operator' && node.kind !== 'function') return null;
      for (const input of node.inputs) {
        const path = walk(input.from);
        if (path !== null) return [...path, id];
      }
      return null;
    };
    const path = walk(from);
    if (path === null || path.length === 0) return [];
    for (const id of path) used.add(id);
    return [{ state, path }];
  });
}

/** The nodes in the order in which the states' equations use them, those of carried states first. */
function orderOf(
  { nodes, results }: CellGraph,
  byId: ReadonlyMap<string, CellNode>,
  lanes: readonly Lane[],
): readonly CellNode[] {
  const ordered = new Set<CellNode>();
  const visit = (id: string) => {
    const node = byId.get(id);
    if (node === undefined || ordered.has(node)) return;
    for (const { from } of node.inputs) visit(from);
    ordered.add(node);
  };
  const carried = results.filter(({ state }) => lanes.some((lane) => lane.state === state));
  for (const { from } of [...carried, ...results]) visit(from);
  for (const { id } of nodes) visit(id);
  return [...ordered];
}

/** States come in and go out at the same height, so that one step can be thought beside the next. */
function endsOf(
  { nodes, results }: CellGraph,
  lanes: readonly Lane[],
  places: ReadonlyMap<string, CellPlace>,
  busRow: number,
): Pick<PlacedCell, 'sources' | 'results'> {
  const rowOf = new Map(lanes.map(({ state }, lane) => [state, lane]));
  const read = nodes.filter(({ kind }) => kind === 'state').map(({ label }) => label);
  let next = busRow;
  for (const state of read) {
    if (rowOf.has(state)) continue;
    rowOf.set(state, next);
    // The row below the first is that of x.
    next += next === busRow ? 2 : 1;
  }
  const used = new Set<number>();
  const ends = results.map(({ state, from }) => {
    let row = rowOf.get(state) ?? places.get(from)?.row ?? busRow;
    while (used.has(row)) row++;
    used.add(row);
    return { state, from, row };
  });
  const sources = read.map((state) => ({ state, from: state, row: rowOf.get(state) ?? busRow }));
  return { sources, results: ends };
}
