import assert from 'node:assert/strict';
import { KeptTrace } from '../../../../../extension/runtime/inspect/store/keptTrace';
import { nowhere, shownOf, signalOf } from './shown';

const gate = { of: 'layer', layer: 0, signal: 0 } as const;
const state = { of: 'layer', layer: 0, signal: 1 } as const;
const original = new KeptTrace('a', shownOf([1, 9, 2, 9, 3, 9]), nowhere, null);
const edits = [{ layer: 0, state: 'h', unit: 1, from: 1, to: 3, value: -4 }];
const edited = new KeptTrace('b', shownOf([1, 9, 2, -4, 3, -4]), nowhere, { original, edits });

describe('a kept trace', () => {
  it('says what is known of it without its values', () => {
    const outputs = [signalOf('y', 2, 1, 2, 3, 4, 5, 6)];
    const many = { name: 'many', shape: [9], values: new Float32Array(9) };
    const two = { name: 'two', shape: [2], values: Float32Array.from([3, 4]) };
    const whole = shownOf([0, 0, 0, 0, -2, 1], {
      outputs,
      choices: { names: ['a', 'b'], probabilities: Float32Array.from([0.3, 0.7, 1, 0, 0, 1]), truth: ['b', 'a', null] },
    });
    const own = { name: 'y', shape: [3, 1, 2], values: new Float32Array(6) };
    const { outline } = new KeptTrace(
      'id',
      { ...whole, trace: { ...whole.trace, outputs: [own, many, two] } },
      nowhere,
      null,
    );
    assert.equal(outline.id, 'id');
    assert.equal(outline.steps, 3);
    assert.deepEqual(outline.columns, [{ name: 'x', range: 'signed', units: 1, min: 5, max: 7 }]);
    assert.deepEqual(outline.layers[0]?.signals[1], { name: 'h', range: 'signed', units: 2, min: -2, max: 1 });
    assert.deepEqual(outline.layers[0]?.states, ['c', 'h']);
    assert.deepEqual(outline.outputs, [{ name: 'y', range: 'signed', units: 2, min: 1, max: 6 }]);
    assert.deepEqual(outline.results, [{ name: 'two', values: [3, 4] }]);
    assert.deepEqual(outline.choices, {
      names: ['a', 'b'],
      truth: ['b', 'a', null],
      everyStep: true,
      likeliest: [1, 0, 1],
    });
    assert.deepEqual(edited.outline.edits, edits);
    assert.doesNotMatch(JSON.stringify(outline), /"values":\{/);
  });

  it('gives out the values of steps, in lists of their own', () => {
    const block = edited.block('edited', 1, 9);
    assert.deepEqual([block.from, block.to], [1, 3]);
    assert.deepEqual([...(block.layers[0]?.[1] ?? [])], [2, -4, 3, -4]);
    assert.deepEqual([...(block.columns[0] ?? [])], [Number.NaN, 7]);
    assert.equal(block.layers[0]?.[1]?.buffer.byteLength, 16);
    assert.equal(block.choices, null);
    assert.deepEqual([...(edited.block('original', 2, 3).layers[0]?.[1] ?? [])], [3, 9]);
    assert.deepEqual([...(edited.block('difference', 0, 3).layers[0]?.[1] ?? [])], [0, 0, 0, -13, 0, -13]);
    assert.deepEqual([...(original.block('difference', 0, 1).layers[0]?.[1] ?? [])], [0, 0]);
    const one = shownOf([], { choices: { names: ['a', 'b'], probabilities: Float32Array.from([1, 0]), truth: ['a'] } });
    assert.deepEqual([...(new KeptTrace('c', one, nowhere, null).block('edited', 1, 2).choices ?? [])], [1, 0]);
  });

  it('orders all signals of a layer by the state that it hands on, edited or not', () => {
    assert.deepEqual([...original.order(state, 'value')], [1, 0]);
    assert.deepEqual([...original.order(gate, 'value')], [1, 0]);
    assert.deepEqual([...edited.order(gate, 'value')], [1, 0]);
    assert.deepEqual([...original.order(gate, 'index')], [0, 1]);
    assert.deepEqual([...original.order({ of: 'column', index: 0 }, 'similarity')], [0]);
  });

  it('refuses signals that it does not have', () => {
    for (const ref of [
      { of: 'column', index: 1 },
      { of: 'layer', layer: 1, signal: 0 },
      { of: 'layer', layer: 0, signal: 2 },
      { of: 'output', index: 0 },
      { of: 'choices' },
    ] as const) {
      assert.throws(() => original.series(ref), { code: 'usage', message: 'The trace has no such signal.' });
    }
  });

  it('gives out no more than can be shown', () => {
    const wide = signalOf('x', 2 ** 12, ...new Float32Array(2 ** 12 * 3));
    const trace = { ...shownOf([]).trace, steps: 2 ** 13, layers: [] };
    const kept = new KeptTrace('d', { ...shownOf([]), trace, columns: [wide] }, nowhere, null);
    assert.throws(() => kept.block('edited', 0, 2 ** 13), { code: 'usage', message: /^The values of 8192 steps/ });
  });
});
