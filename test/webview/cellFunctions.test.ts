import assert from 'node:assert/strict';
import { apply } from '../../extension/core/cells/functions';
import { Builder } from '../../extension/core/graph/builder';
import { Graph } from '../../extension/core/graph/graph';
import { writeModel } from '../../extension/core/onnx/write';
import { floats } from '../../extension/core/tensor';
import type { FunctionName } from '../../extension/protocol/cellLanguage';
import { applied, inverted } from '../../webview/trace/cellFunctions';
import { run } from '../support/session';

const functions: readonly FunctionName[] = [
  'σ',
  'tanh',
  'relu',
  'softsign',
  'softplus',
  'clip[1.5]',
  'affine[0.5,2]',
  'leakyRelu[0.1]',
  'thresholdedRelu[0.7]',
  'scaledTanh[1.7,0.6]',
  'hardSigmoid[0.2,0.5]',
  'elu[0.8]',
];
const points = Array.from({ length: 61 }, (_, i) => (i - 30) / 7);

describe('the functions of a cell, of one number', () => {
  for (const fn of functions) {
    it(`${fn} gives what onnxruntime makes of the cells' definition of it`, async () => {
      const graph = new Graph('function');
      const b = new Builder(graph);
      b.output('y', apply(b, fn, graph.input('x', { dtype: 'float32', shape: [points.length] })));
      const { y } = await run(writeModel(graph, {}, 20), { x: floats('float32', [points.length], points) });
      points.forEach((point, i) => {
        const own = applied(fn, Math.fround(point));
        assert.ok(Math.abs(Number(y?.data[i]) - own) < 2e-6, `${fn}(${point}) is ${y?.data[i]}, not ${own}`);
      });
    });

    it(`${fn} can be told from its result wherever only one number gives that`, () => {
      const known = points.flatMap((point) => {
        const found = inverted(fn, Math.fround(applied(fn, point)));
        return Number.isNaN(found) ? [] : [{ point, found }];
      });
      for (const { point, found } of known)
        assert.ok(Math.abs(found - point) <= 0.011 * Math.max(1, Math.abs(point)), `${fn}: ${point} is not ${found}`);
      const flat: Readonly<Record<string, (x: number) => boolean>> = {
        relu: (x) => x <= 0,
        'clip[1.5]': (x) => Math.abs(x) >= 1.5,
        'thresholdedRelu[0.7]': (x) => x <= 0.7,
        'hardSigmoid[0.2,0.5]': (x) => Math.abs(x) >= 2.5,
      };
      assert.equal(known.length, points.filter((point) => flat[fn]?.(point) !== true).length);
    });
  }

  it('does not guess where 32 bits say nothing any more, nor what a normalisation was given', () => {
    assert.ok(Number.isNaN(inverted('σ', 1)));
    assert.ok(Number.isNaN(inverted('σ', Math.fround(applied('σ', 14)))));
    assert.ok(Number.isNaN(inverted('tanh', -1)));
    assert.ok(Number.isNaN(applied('norm', 0.3)) && Number.isNaN(inverted('norm', 0.3)));
    assert.ok(Math.abs(inverted('σ', Math.fround(applied('σ', 8))) - 8) < 0.01);
  });
});
