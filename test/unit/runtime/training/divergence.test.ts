import assert from 'node:assert/strict';
import { layer } from '../../../../extension/protocol/choices/model';
import type { Experiment } from '../../../../extension/protocol/experiment';
import { diverged } from '../../../../extension/runtime/training/divergence';
import { experimentOn } from '../../../support/experiments';

const where = { step: 12, epoch: 3, layer: 'layers.0', lastNorm: 123.456, learningRate: 0.05 };

const said = (cell: 'lstm' | 'rnnRelu', clipNorm: number | null, init: Experiment['model']['init'] = 'orthogonal') => {
  const { model, training, ...rest } = experimentOn({});
  const layers = [layer.parse({ cell, hidden: 4 })];
  return diverged({ ...rest, model: { ...model, layers, init }, training: { ...training, clipNorm } }, where).message;
};

describe('training/divergence', () => {
  it('says where it was, and the first remedy that was not taken', () => {
    const place = /^Training diverged in step 12 \(epoch 3\): .+ first in layers\.0, after a gradient norm of 123\.5; /;
    for (const sentence of [said('lstm', null), said('lstm', 1), said('rnnRelu', 1)]) assert.match(sentence, place);
    assert.match(said('rnnRelu', null), /set training\.clipNorm.*lower learning rate than 0\.05\.$/);
    assert.match(said('rnnRelu', 1), /with model\.init "irnn"/);
    assert.match(said('rnnRelu', 1, 'irnn'), /smaller training\.clipNorm than 1\.$/);
    assert.match(said('lstm', 1), /smaller training\.clipNorm than 1\.$/);
  });
});
