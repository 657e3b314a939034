import assert from 'node:assert/strict';
import type { Parameters } from '../../../../extension/core/model/parameters';
import { brokenLayer } from '../../../../extension/runtime/training/brokenLayer';

const tensors = (values: Readonly<Record<string, number[]>>): Parameters =>
  new Map(
    Object.entries(values).map(([name, data]) => [
      name,
      { dtype: 'float32' as const, shape: [data.length], data: Float32Array.from(data) },
    ]),
  );
const arrays = (values: Readonly<Record<string, number[]>>) =>
  new Map(Object.entries(values).map(([name, data]) => [name, Float32Array.from(data)]));

const parameters = tensors({ embedding: [1], 'layers.0.W': [1, -9], 'layers.1.R': [2], 'head.W': [3] });
const broken = (...names: string[]) =>
  arrays(Object.fromEntries([...parameters.keys()].map((name) => [name, [names.includes(name) ? Number.NaN : 0.1]])));

describe('training/brokenLayer', () => {
  it('names the first layer whose parameters are not finite', () => {
    const wild = tensors({ 'layers.0.W': [1], 'layers.1.R': [Number.POSITIVE_INFINITY], 'head.W': [Number.NaN] });
    assert.equal(brokenLayer(wild, Number.NaN, new Map()), 'layers.1');
  });

  it('names where a gradient broke on its way back', () => {
    assert.equal(brokenLayer(parameters, 0.5, broken('embedding', 'layers.0.W', 'layers.1.R')), 'layers.1');
    assert.equal(brokenLayer(parameters, 0.5, broken('embedding')), 'embedding');
  });

  it('names the largest where nothing else tells', () => {
    assert.equal(brokenLayer(parameters, Number.NaN, broken(...parameters.keys())), 'layers.0');
    const gradients = arrays({ embedding: [1], 'layers.0.W': [2, 1], 'layers.1.R': [-7], 'head.W': [3] });
    assert.equal(brokenLayer(parameters, 0.5, gradients), 'layers.1');
  });
});
