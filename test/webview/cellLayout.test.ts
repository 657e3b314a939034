import assert from 'node:assert/strict';
import type { Cell } from '../../extension/core/cells/cell';
import { layerNormalized } from '../../extension/core/cells/layerNorm';
import { lstmCoupledPeephole } from '../../extension/core/cells/lstm';
import { cells } from '../../extension/core/cells/table';
import { parseEquations } from '../../extension/protocol/cellLanguage';
import { cellGraph } from '../../webview/trace/cellGraph';
import { labelWidth } from '../../webview/trace/cellLabels';
import { type CellLayout, layOut } from '../../webview/trace/cellLayout';
import { segmentsOf } from '../../webview/trace/cellRoutes';

const all: readonly (readonly [string, Cell])[] = [
  ...Object.entries(cells),
  ...Object.entries(cells).map(([name, cell]) => [`${name}, layer norm`, layerNormalized(cell)] as const),
  ['lstmCoupledPeephole', lstmCoupledPeephole],
];

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const overlap = (a: Box, b: Box) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
const boxesOf = ({ nodes }: CellLayout): readonly (Box & { readonly id: string })[] =>
  nodes.map(({ node, x, y, halfWidth, halfHeight }) => ({
    id: node.id,
    left: x - halfWidth,
    right: x + halfWidth,
    top: y - halfHeight,
    bottom: y + halfHeight,
  }));

describe('a cell as a picture', () => {
  it('reads an LSTM as four gates of one bus, what they multiply, and two states', () => {
    const { nodes, results } = cellGraph(cells.lstm.steps);
    const kinds = (kind: string) => nodes.filter((node) => node.kind === kind).map(({ name, label }) => name ?? label);
    assert.deepEqual(kinds('gate').sort(), ['f', 'g', 'i', 'o']);
    assert.deepEqual(kinds('state').sort(), ['c', 'h']);
    assert.deepEqual(kinds('operator').sort(), ["c'", "h'", '⊙', '⊙']);
    assert.deepEqual(kinds('function'), ['tanh']);
    const [join] = nodes.filter(({ kind }) => kind === 'join');
    assert.deepEqual(join?.inputs.map(({ from }) => from).sort(), ['h', 'x']);
    assert.ok(nodes.filter(({ kind }) => kind === 'gate').every(({ inputs }) => inputs[0]?.from === join?.id));
    assert.deepEqual(
      results.map(({ state }) => state),
      ['c', 'h'],
    );
  });

  it('draws an LSTM as it is known: the cell state straight along the top, the gates in a row, h out at the height of h in', () => {
    const layout = layOut(cellGraph(cells.lstm.steps));
    const gates = ['f', 'i', 'g', 'o'].map((name) => layout.nodes.find(({ node }) => node.name === name));
    const xs = gates.map((gate) => gate?.x ?? 0);
    assert.deepEqual(
      xs,
      [...xs].sort((a, b) => a - b),
    );
    assert.equal(new Set(gates.map((gate) => gate?.y)).size, 1);
    const label = (name: string) => layout.labels.find((spot) => spot.name === name);
    assert.equal(label('c')?.y, label("c'")?.y);
    assert.equal(label('h')?.y, label("h'")?.y);
    assert.ok((label('c')?.y ?? 0) < (gates[0]?.y ?? 0) && (gates[0]?.y ?? 0) < (label('h')?.y ?? 0));
    // The way of the cell state from edge to edge never leaves its height.
    const carried = new Set(
      layout.wires.filter(({ corners }) => corners[0]?.x === 0 && corners[0].y < 40).map(({ from }) => from),
    );
    assert.deepEqual([...carried], ['c']);
    const out = layout.wires.find(({ from, corners }) => from === "c'" && corners.at(-1)?.x === layout.width);
    assert.equal(out?.corners.length, 2);
  });

  it('takes the state of a step and the state after it apart where the output gate sees the new one', () => {
    const { nodes } = cellGraph(cells.lstmPeephole.steps);
    const reads = (gate: string) =>
      nodes
        .find(({ name }) => name === gate)
        ?.inputs.filter(({ all: every }) => !every)
        .map(({ from }) => from);
    assert.deepEqual([reads('i'), reads('f'), reads('o'), reads('g')], [['c'], ['c'], ["c'"], []]);
  });

  for (const [name, cell] of all) {
    it(`finds a way for every line of ${name}, around its nodes, and a place for the value of each signal`, () => {
      const graph = cellGraph(cell.steps);
      const layout = layOut(graph);
      assert.equal(layout.lost, 0);
      const boxes = boxesOf(layout);
      for (const [i, a] of boxes.entries())
        for (const b of boxes.slice(i + 1)) assert.ok(!overlap(a, b), `${a.id} lies over ${b.id}`);
      for (const { from, corners } of layout.wires) {
        for (const { from: a, to: b } of segmentsOf(corners)) {
          assert.ok(a.x === b.x || a.y === b.y, 'lines run straight');
          const inner = {
            left: Math.min(a.x, b.x),
            right: Math.max(a.x, b.x),
            top: Math.min(a.y, b.y),
            bottom: Math.max(a.y, b.y),
          };
          for (const box of boxes) {
            const inside = { left: box.left + 1, right: box.right - 1, top: box.top + 1, bottom: box.bottom - 1 };
            assert.ok(!overlap(inner, inside), `the line from ${from} runs through ${box.id}`);
          }
        }
      }
      const labels = layout.labels.map(({ name: text, x, y, anchor }) => {
        const wide = labelWidth(text);
        const left = anchor === 'start' ? x : anchor === 'end' ? x - wide : x - wide / 2;
        return { text, left, right: left + wide, top: y - 7, bottom: y + 7 };
      });
      for (const [i, label] of labels.entries()) {
        for (const other of labels.slice(i + 1)) assert.ok(!overlap(label, other), `${label.text} over ${other.text}`);
        for (const box of boxes) assert.ok(!overlap(label, box), `${label.text} over ${box.id}`);
      }
      const named = new Set(layout.labels.map(({ name: text }) => text));
      const read = new Set(graph.nodes.flatMap(({ kind, label }) => (kind === 'state' ? [label] : [])));
      const wanted = [...cell.steps.map(({ name: signal, next }) => (next ? `${signal}'` : signal)), ...read];
      assert.deepEqual(
        wanted.filter((signal) => !named.has(signal)),
        [],
      );
    });
  }

  it('never lets two lines share a way', () => {
    for (const [name, cell] of all) {
      const taken = new Map<string, string>();
      for (const { from, corners } of layOut(cellGraph(cell.steps)).wires) {
        for (const { from: a, to: b } of segmentsOf(corners)) {
          const [dx, dy] = [Math.sign(b.x - a.x) * 8, Math.sign(b.y - a.y) * 8];
          for (let [x, y] = [a.x, a.y]; x !== b.x || y !== b.y; x += dx, y += dy) {
            const key = [`${x} ${y}`, `${x + dx} ${y + dy}`].sort().join(' ');
            assert.ok((taken.get(key) ?? from) === from, `${name}: ${from} runs along ${taken.get(key)}`);
            taken.set(key, from);
          }
        }
      }
    }
  });

  it('draws equations that nobody has thought of, with several states and long functions', () => {
    const equations = parseEquations(`
      u = hardSigmoid[0.2,0.5](Wu x + Ru h + Wbu)
      v = leakyRelu[0.01](Wv x + Rv (u ⊙ h) + Pv ⊙ m)
      m' = u ⊙ m + (1 − u) ⊙ v
      s' = 2 ⊙ s + m' / (u + v)
      h' = u ⊙ tanh(m') + s'
    `);
    const layout = layOut(cellGraph(equations));
    assert.equal(layout.lost, 0);
    assert.ok(layout.width < 1600 && layout.height < 700);
  });
});
