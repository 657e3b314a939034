import assert from 'node:assert/strict';
import { placeLevel } from '../../../webview/diagram/layered/components';
import type { Level, LevelNode, PlacedLevel } from '../../../webview/diagram/layered/level';
import { atOnce } from '../../../webview/diagram/slices';
import { generator } from '../fixtures/series';

const node = (change: Partial<LevelNode> = {}): LevelNode => ({
  length: 32,
  before: 40,
  after: 40,
  pin: null,
  ...change,
});

/** A graph of equal nodes; what leaves a node is one flow. */
function graph(count: number, edges: readonly (readonly [number, number])[], nodes?: readonly LevelNode[]): Level {
  const ends = new Map<number, number[]>();
  for (const [from, to] of edges) ends.set(from, [...(ends.get(from) ?? []), to]);
  return {
    nodes: nodes ?? Array.from({ length: count }, () => node()),
    flows: [...ends].map(([from, to]) => ({
      from: { node: from, offset: 0 },
      to: to.map((each) => ({ node: each, offset: 0 })),
      label: { length: 20, after: 60 },
    })),
    gap: 24,
    rowGap: 30,
  };
}

const place = (level: Level) => atOnce(placeLevel(level));

function chain(count: number): [number, number][] {
  const edges: [number, number][] = [];
  for (let i = 1; i < count; i++) {
    edges.push([i - 1, i]);
    if (i % 5 === 0 && i > 8) edges.push([i - 8, i]);
  }
  return edges;
}

function tangle(count: number): [number, number][] {
  const random = generator(11);
  const edges: [number, number][] = [];
  for (let i = 1; i < count; i++) {
    edges.push([Math.floor(random() * i), i], [Math.max(0, i - 1 - Math.floor(random() * 50)), i]);
  }
  return edges;
}

function assertApart({ nodes }: Level, { nodes: placed }: PlacedLevel): void {
  const areas = placed.map(({ along, side }, i) => {
    const { length, before, after } = nodes[i] ?? node();
    return { from: along, to: along + length, low: side - before, high: side + after };
  });
  const sorted = areas.toSorted((a, b) => a.from - b.from);
  for (const [i, a] of sorted.entries()) {
    for (const b of sorted.slice(i + 1)) {
      if (b.from >= a.to) break;
      assert.ok(b.low >= a.high - 1e-6 || a.low >= b.high - 1e-6, 'two nodes overlap');
    }
  }
}

/** How many rows a graph without circles needs: the nodes of its longest path. */
function depth(count: number, edges: readonly (readonly [number, number])[]): number {
  const rows = new Array<number>(count).fill(1);
  // The edges lead from lower to higher numbers, so that one pass in their order is enough.
  for (const [from, to] of edges.toSorted((a, b) => a[1] - b[1]))
    rows[to] = Math.max(rows[to] ?? 1, (rows[from] ?? 1) + 1);
  return Math.max(...rows);
}

describe('a layered drawing', () => {
  for (const [name, edges, count] of [
    ['a chain that skips', chain(120), 120],
    ['a tangle', tangle(150), 150],
    ['nothing connected', [], 40],
  ] as const) {
    it(`keeps nodes apart, leads every line down, and has no more rows than needed: ${name}`, () => {
      const level = graph(count, edges);
      const placed = place(level);
      assertApart(level, placed);
      for (const { pieces } of placed.flows) {
        for (const { from, bend, to } of pieces) {
          assert.ok(from.along <= bend[0] && bend[0] <= bend[1] && bend[1] <= to.along, 'a line leads down');
        }
      }
      const rows = new Set(placed.nodes.map(({ along }) => along));
      if (edges.length > 0) assert.equal(rows.size, depth(count, edges));
      assert.ok(
        placed.nodes.every(({ along, side }) => along >= 0 && side >= 40 - 1e-6 && side + 40 <= placed.breadth + 1e-6),
      );
    });
  }

  it('draws a tree without a crossing and a chain as a straight line', () => {
    const tree = place(
      graph(
        31,
        Array.from({ length: 30 }, (_, i) => [Math.floor(i / 2), i + 1] as [number, number]),
      ),
    );
    const pieces = tree.flows.flatMap((flow) => flow.pieces);
    for (const a of pieces) {
      for (const b of pieces) {
        if (a.bend[0] !== b.bend[0] || a.from.side >= b.from.side) continue;
        assert.ok(a.to.side <= b.to.side, 'two lines cross');
      }
    }
    const line = place(graph(200, chain(200)));
    assert.equal(new Set(line.nodes.map(({ side }) => Math.round(side))).size, 1);
    assert.ok(line.breadth < 300, `${line.breadth} wide`);
  });

  it('lets the ends of a flow share its line, and gives every end an arrow', () => {
    const placed = place(
      graph(6, [
        [0, 1],
        [1, 2],
        [2, 3],
        [0, 3],
        [3, 4],
        [0, 4],
        [4, 5],
        [0, 5],
      ]),
    );
    const [first] = placed.flows;
    assert.deepEqual(
      first?.pieces
        .map(({ end }) => end)
        .filter((end) => end >= 0)
        .sort(),
      [0, 1, 2, 3],
    );
    // Four rows are passed once each, not once for every end that lies below them.
    assert.equal(first?.pieces.filter(({ end }) => end < 0).length, 4);
  });

  it('turns one line of a circle round, and leaves out a line from a node to itself', () => {
    const level = graph(3, [
      [0, 1],
      [1, 2],
      [2, 0],
      [1, 1],
    ]);
    const placed = place(level);
    assertApart(level, placed);
    assert.equal(
      placed.flows.flatMap(({ pieces }) => pieces).filter(({ turned, end }) => turned && end >= 0).length,
      1,
    );
    assert.ok(placed.flows.every(({ pieces }) => pieces.length > 0));
  });

  it('puts ports before and after everything else', () => {
    const nodes = [node({ pin: 'last', length: 0 }), node(), node(), node({ pin: 'first', length: 0 })];
    const { nodes: placed, length } = place(
      graph(
        4,
        [
          [3, 1],
          [1, 0],
        ],
        nodes,
      ),
    );
    assert.equal(placed[3]?.along, 0);
    assert.equal(placed[0]?.along, length);
    assert.ok((placed[2]?.along ?? 0) > 0);
  });

  for (const [name, edges] of [
    ['a chain that skips', chain(2000)],
    ['a tangle', tangle(2000)],
  ] as const) {
    it(`lays 2,000 nodes out in well under two seconds, and rests on the way: ${name}`, () => {
      let fastest = Number.POSITIVE_INFINITY;
      let rests = 0;
      // The machine may be busy with other things: the fastest of three tells what the work itself takes.
      for (let i = 0; i < 3; i++) {
        const work = placeLevel(graph(2000, edges));
        const began = performance.now();
        rests = 0;
        for (let step = work.next(); step.done !== true; step = work.next()) rests++;
        fastest = Math.min(fastest, performance.now() - began);
      }
      assert.ok(fastest < 2000, `${Math.round(fastest)} ms`);
      assert.ok(rests > 500, `${rests} rests`);
    });
  }

  it('only hints at lines that would need too many bends', () => {
    const edges = Array.from({ length: 3000 }, (_, i) => [i, i + 1] as [number, number]);
    for (let i = 0; i < 1500; i++) edges.push([i, i + 1500]);
    const placed = place(graph(3001, edges));
    const cut = placed.flows.reduce((sum, flow) => sum + flow.cut.length, 0);
    const pieces = placed.flows.reduce((sum, flow) => sum + flow.pieces.length, 0);
    assert.ok(cut > 0 && pieces < 20_000, `${cut} cut, ${pieces} pieces`);
    const ends = placed.flows.flatMap((flow) => flow.pieces).filter(({ end }) => end >= 0);
    assert.equal(ends.length + cut, edges.length);
  });
});
