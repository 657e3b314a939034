import assert from 'node:assert/strict';
import { BoxIndex } from '../../../webview/diagram/boxIndex';
import { type Layout, layOut } from '../../../webview/diagram/layout';
import { nextBox, type Way } from '../../../webview/diagram/moves';
import { Outline } from '../../../webview/diagram/outline';
import { atOnce, inSlices } from '../../../webview/diagram/slices';
import { clip } from '../../../webview/diagram/text';
import { statesOf } from '../../../webview/diagram/unrolled';
import { box, encoder, nested } from '../fixtures/diagrams';

const ruler = { width: (text: string) => text.length * 7, fit: (text: string) => text };

describe('the parts of a diagram', () => {
  it('cuts a text in its middle, and no letter in two', () => {
    assert.equal(clip('short', 5), 'short');
    assert.equal(clip('/encoder/layer.0/MatMul', 11), '/enco…atMul');
    assert.equal(clip('abcdef', 1), '…');
    const faces = '😀'.repeat(50);
    assert.deepEqual([...new Set(clip(faces, 11))], ['😀', '…']);
    assert.ok(clip('x'.repeat(200_000), 240).length <= 240);
  });

  it('finds boxes by all words of what is searched for, in any case and order', () => {
    const index = new BoxIndex(new Outline(encoder(2)));
    assert.deepEqual(index.find('GELU layer.1'), ['block1.gelu']);
    assert.deepEqual(index.find('block soft'), ['block0.soft', 'block1.soft']);
    assert.deepEqual(index.find('  '), []);
    assert.deepEqual(index.find('nothing of the kind'), []);
    const tensors = new BoxIndex(new Outline(nested()));
    assert.deepEqual(tensors.find('__proto__'), []);
  });

  it('reads the states of a cell from its equations, the hidden one first', () => {
    const of = (equations: readonly string[]) => statesOf(box('cell', 'cell', { equations }));
    assert.deepEqual(of(['i = σ(Wi x + Ri h)', "c' = f ⊙ c + i ⊙ g", "h' = o ⊙ tanh(c')"]), ['h', 'c']);
    assert.deepEqual(of([]), ['h']);
  });

  it('goes along lines by the arrows of the flow, and to the nearest box by the others', () => {
    const placed = (across: boolean): Layout =>
      atOnce(
        layOut(new Outline(encoder(1)).draw(new Set(['group blocks', 'group block0'])), {
          across,
          ruler,
          open: new Set(),
        }),
      );
    const walk = (across: boolean, from: string, ...ways: readonly Way[]) => {
      const { boxes, lines } = placed(across);
      let at = boxes.find(({ item }) => item.key === from);
      for (const way of ways) at = at && (nextBox(at, way, boxes, lines, across) ?? undefined);
      return at?.item.key;
    };
    assert.equal(walk(false, 'tokens', 'down', 'down', 'down'), 'group blocks');
    assert.equal(walk(false, 'group blocks', 'down'), 'group block0');
    assert.notEqual(walk(false, 'block0.key', 'left'), 'block0.key');
    assert.equal(walk(false, 'block0.key', 'left', 'right'), 'block0.key');
    assert.equal(walk(false, 'block0.scores', 'down'), 'block0.soft');
    assert.equal(walk(true, 'block0.scores', 'right'), 'block0.soft');
    assert.equal(walk(true, 'logits', 'left'), 'head');
    assert.equal(walk(false, 'tokens', 'up'), undefined);
  });

  it('works in slices with rests between them, and stops when nobody waits any more', async () => {
    function* count(): Generator<void, number, void> {
      for (let i = 0; i < 1000; i++) {
        const end = performance.now() + 0.05;
        while (performance.now() < end);
        yield;
      }
      return 1000;
    }
    let turns = 0;
    const timer = setInterval(() => turns++);
    assert.equal(await inSlices(count(), new AbortController().signal), 1000);
    clearInterval(timer);
    assert.ok(turns >= 2, `${turns} turns`);
    const stopped = new AbortController();
    const work = inSlices(count(), stopped.signal);
    stopped.abort();
    assert.equal(await work, null);
  });
});
