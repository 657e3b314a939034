import assert from 'node:assert/strict';
import { decodeMetadata, encodeMetadata, type ModelMetadata } from '../../../../extension/runtime/export/metadata';

const metadata: ModelMetadata = {
  task: 'forecast',
  columns: ['12', 'a "b", c'],
  known: ['a "b", c'],
  target: '12',
  moreTargets: ['a "b", c'],
  scaler: [
    { column: '12', transform: 'log', floor: 0.5, offset: 1 / 3, scale: 1e-9 },
    { column: 'a "b", c', transform: 'none', floor: null, offset: -4, scale: 2 },
  ],
  lookback: 12,
  stream: 'rows',
  masked: false,
  horizon: 3,
  season: null,
  text: null,
  sound: null,
  anchor: 'last',
  split: { validation: 0.1, test: 0.2 },
  missing: 'mask',
  indicators: ['a "b", c'],
  numbers: 'comma',
  zone: 'Europe/Berlin',
  gaps: 'cut',
  fillLimit: 3,
  resample: { every: '1h', by: 'sum' },
  time: 'null',
  timeStep: null,
  series: 'shop',
  scaling: 'robust',
  seriesScalers: [
    { series: '__proto__', scaler: [{ column: '12', transform: 'log', floor: 0.5, offset: 1 / 3, scale: 1e-9 }] },
  ],
  loss: 'quantile',
  quantiles: [0.1, 0.9],
  classes: ['true', '1', 'a,"b'],
  vocabulary: null,
  symbols: null,
  translations: null,
  unroll: '1.2.3',
};

describe('export/metadata', () => {
  it('gives back everything, whatever the columns are called', () => {
    const encoded = encodeMetadata(metadata);
    assert.ok(Object.values(encoded).every((value) => typeof value === 'string'));
    assert.equal(encoded['target'], '12');
    assert.deepEqual(decodeMetadata(encoded, 'file'), metadata);
    assert.deepEqual(decodeMetadata({ ...encoded, time: 'null', other: 'x' }, 'file').time, null);
  });

  it('says so where a model tells nothing about its numbers', () => {
    assert.throws(() => decodeMetadata({}, 'other.onnx'), { code: 'model', message: /other\.onnx/ });
    const { scaler: _, ...rest } = encodeMetadata(metadata);
    assert.throws(() => decodeMetadata(rest, 'x'), { code: 'model' });
  });
});
