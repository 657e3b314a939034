import assert from 'node:assert/strict';
import type { Diagram } from '../../../extension/protocol/model';
import { excerpt, mostBoxes } from '../../../webview/diagram/excerpt';
import { type Area, type Layout, layOut, type PlacedBox } from '../../../webview/diagram/layout';
import { Outline } from '../../../webview/diagram/outline';
import { atOnce } from '../../../webview/diagram/slices';
import { box, chainOf, encoder, hostile, nested, oddities, tangleOf } from '../fixtures/diagrams';

/** Letters of one width, so that what is measured here is the layout alone. */
const ruler = { width: (text: string) => text.length * 7, fit: (text: string) => text.slice(0, 40) };

const everything = ({ nodes, groups }: Diagram) =>
  new Set([...nodes.map(({ id }) => id), ...groups.map(({ id }) => `group ${id}`)]);

function lay(diagram: Diagram, open: ReadonlySet<string> = new Set(), across = false): Layout {
  return atOnce(layOut(excerpt(new Outline(diagram).draw(open), null), { across, ruler, open }));
}

const keys = ({ boxes }: Layout) => boxes.map(({ item }) => item.key);
const overlap = (a: Area, b: Area) =>
  a.x < b.x + b.width - 0.01 &&
  b.x < a.x + a.width - 0.01 &&
  a.y < b.y + b.height - 0.01 &&
  b.y < a.y + a.height - 0.01;

/** Points along a path of M, L and C, a few on every part. */
function pointsOf(path: string): { readonly x: number; readonly y: number }[] {
  const points: { x: number; y: number }[] = [];
  let [x, y] = [0, 0];
  for (const [, sign, rest] of path.matchAll(/([MLC])([^MLC]*)/g)) {
    const n = (rest ?? '')
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    if (sign === 'M') [x, y] = [n[0] ?? 0, n[1] ?? 0];
    const curve = sign === 'C' ? n : sign === 'L' ? [x, y, n[0] ?? 0, n[1] ?? 0, n[0] ?? 0, n[1] ?? 0] : null;
    if (curve === null) continue;
    const [ax = 0, ay = 0, bx = 0, by = 0, cx = 0, cy = 0] = curve;
    for (let i = 0; i <= 24; i++) {
      const t = i / 24;
      const u = 1 - t;
      const mix = (p: number, a: number, b: number, c: number) =>
        u ** 3 * p + 3 * u * u * t * a + 3 * u * t * t * b + t ** 3 * c;
      points.push({ x: mix(x, ax, bx, cx), y: mix(y, ay, by, cy) });
    }
    [x, y] = [cx, cy];
  }
  return points;
}

/** Asserts that closed boxes lie apart, frames around what is in them, and that no line and no label runs over a box. */
function assertClear({ boxes, lines, width, height }: Layout): void {
  const byKey = new Map(boxes.map((box) => [box.item.key, box]));
  const closed = boxes.filter(({ frame }) => !frame);
  closed.forEach((a, i) => {
    for (const b of closed.slice(i + 1)) assert.ok(!overlap(a, b), `${a.title} is on ${b.title}`);
  });
  for (const box of boxes) {
    const around: Area | undefined =
      box.item.parent === null ? { x: 0, y: 0, width, height } : byKey.get(box.item.parent);
    assert.ok(around !== undefined, 'the frame is there');
    const inside = box.x >= around.x && box.y >= around.y;
    assert.ok(inside && box.x + box.width <= around.x + around.width + 0.01, `${box.title} is wider than its frame`);
    assert.ok(box.y + box.height <= around.y + around.height + 0.01, `${box.title} is higher than its frame`);
  }
  const inside = (box: PlacedBox, { x, y }: { readonly x: number; readonly y: number }) =>
    x > box.x + 1 && x < box.x + box.width - 1 && y > box.y + 1 && y < box.y + box.height - 1;
  const labels = lines.flatMap(({ label }) =>
    label === null ? [] : [{ x: label.x, y: label.y - 6, width: ruler.width(label.text), height: 12 }],
  );
  labels.forEach((a, i) => {
    for (const b of labels.slice(i + 1)) assert.ok(!overlap(a, b), 'a label is on another');
  });
  for (const { line, label } of lines) {
    const points = pointsOf(line);
    for (const box of closed) {
      assert.ok(!points.some((point) => inside(box, point)), `a line runs over ${box.title}`);
      if (label === null) continue;
      const area = { x: label.x, y: label.y - 6, width: ruler.width(label.text), height: 12 };
      assert.ok(!overlap(area, box), `${label.text} is on ${box.title}`);
    }
  }
}

describe('the layout of a diagram', () => {
  for (const [name, make] of [
    ['blocks', () => encoder(3)],
    ['bodies in bodies', nested],
    ['parts that nothing connects', oddities],
    ['hostile names', hostile],
    ['a tangle', () => tangleOf(60)],
  ] as const) {
    for (const across of [false, true]) {
      it(`keeps boxes, lines and labels apart, closed and open, ${across ? 'across' : 'down'}: ${name}`, () => {
        const diagram = make();
        assertClear(lay(diagram, new Set(), across));
        assertClear(lay(diagram, everything(diagram), across));
      });
    }
  }

  it('gives what leaves a box with several labels lines of their own', () => {
    const labels = ['[time, 1, 1, 12]', '[1, 11, 12]', '', '[1]', '[2]', '[3]', '[4]', '[5]'];
    const targets = labels.map((_, i) => box(`to${i}`, 'Relu'));
    const edges = labels.map((label, i) => ({ from: 'from', to: `to${i}`, label }));
    const many: Diagram = { nodes: [box('from', 'Split'), ...targets], edges, groups: [], notes: [] };
    for (const across of [false, true]) {
      const laid = lay(many, new Set(), across);
      assertClear(laid);
      assert.equal(laid.lines.filter(({ label }) => label !== null).length, 5);
      assert.equal(new Set(laid.lines.map(({ line }) => /^M[\d.]+ [\d.]+/.exec(line)?.[0])).size, 6);
    }
  });

  it('folds blocks that repeat into one box, and opens them one in the other', () => {
    const diagram = encoder(12);
    const closed = lay(diagram);
    assert.deepEqual(keys(closed), ['tokens', 'mask', 'embed', 'norm', 'group blocks', 'head', 'logits']);
    assert.equal(closed.boxes.find(({ item }) => item.key === 'group blocks')?.item.holds, 12 * 13);
    // The mask is read by every block; of the closed group there is one line.
    assert.deepEqual(
      closed.lines.filter(({ from }) => from === 'mask').map(({ to }) => to),
      [['group blocks']],
    );
    const open = lay(diagram, new Set(['group blocks', 'group block4']));
    assert.equal(open.boxes.length, 7 + 12 + 13);
    assert.ok(keys(open).includes('block4.gelu') && !keys(open).includes('block3.gelu'));
    assert.deepEqual(new Outline(diagram).around('block4.gelu'), ['group blocks', 'group block4']);
  });

  it('draws what a box holds in its place, and in the place of its own edges those of its nodes', () => {
    const closed = lay(nested());
    assert.deepEqual(keys(closed), ['x', 'loop', 'rolled', 'y']);
    const fromLoop = closed.lines.filter(({ from }) => from === 'loop');
    assert.deepEqual(
      fromLoop.map(({ to, label }) => [to, label?.text]),
      [[['rolled'], '[time, batch, 8]']],
    );
    const open = lay(nested(), new Set(['loop', 'if', 'rolled']));
    assert.deepEqual(keys(open).slice(0, 5), ['x', 'loop', 'step', 'greater', 'if']);
    assert.ok(keys(open).includes('group else') && keys(open).includes('neg'));
    // From outside into the first node, and from the last one out.
    const labels = open.lines.filter(({ from }) => from === 'loop').map(({ label }) => label?.text);
    assert.deepEqual(labels, ['[batch, 8]']);
    assert.ok(open.lines.some(({ from, to }) => from === '' && to.includes('mul1')));
    assert.ok(open.lines.some(({ from, to }) => from === 'tanh3' && to.includes('')));
  });

  it('draws a recurrent box step by step where that is open', () => {
    const { boxes } = lay(nested(), new Set(['steps rolled']));
    const texts = boxes.find(({ item }) => item.key === 'rolled')?.unrolled?.texts.map(({ text }) => text) ?? [];
    for (const text of ['x₁', 'x₂', 'x₃', 'xₙ', 'h₁', 'hₙ', '⋯', 'h, c']) assert.ok(texts.includes(text), text);
  });

  it('of too many boxes takes those around one, and none are lost below that', () => {
    const whole = new Outline(chainOf(mostBoxes)).draw(new Set());
    assert.equal(excerpt(whole, null).items.length, mostBoxes);
    const large = new Outline(chainOf(mostBoxes + 5000)).draw(new Set());
    const near = excerpt(large, 'n7000');
    const numbers = near.items.map(({ key }) => Number(key.slice(1)));
    assert.equal(numbers.length, 400);
    assert.ok(numbers.includes(7000) && Math.min(...numbers) > 6000 && Math.max(...numbers) < 8000);
    assert.ok(near.flows.every(({ from, to }) => [from, ...to].every(({ item }) => item !== null && item < 400)));
  });

  it('takes a thousand frames in one another', () => {
    const diagram = nested();
    const groups = Array.from({ length: 1000 }, (_, i) => {
      const parent = i === 0 ? null : `g${i - 1}`;
      return { id: `g${i}`, title: 'body', kind: 'part' as const, parent, count: 1, node: null };
    });
    const [node] = diagram.nodes;
    assert.ok(node !== undefined);
    const deep: Diagram = { nodes: [{ ...node, group: 'g999' }], edges: [], groups, notes: [] };
    assert.equal(lay(deep, everything(deep)).boxes.length, 1001);
  });
});
