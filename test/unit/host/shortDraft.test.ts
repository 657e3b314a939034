import assert from 'node:assert/strict';
import { draftOf } from '../../../extension/host/shortDraft';
import { draftJsonSchema, draftSchema, experimentSchema } from '../../../extension/protocol/experiment';
import { experimentOn } from '../../support/experiments';

const schema = JSON.stringify(draftJsonSchema());
const withModel = (model: object) => {
  const experiment = experimentOn({});
  return experimentSchema.parse({ ...experiment, model: { ...experiment.model, ...model } });
};

describe('an experiment as a person keeps it', () => {
  it('says what depends on the data, and nothing that is as always', () => {
    assert.deepEqual(draftOf(experimentOn({ season: 12 }), schema), {
      version: 1,
      name: 'test',
      task: 'forecast',
      data: {
        path: 'y.csv',
        time: null,
        target: 'y',
        features: [],
        known: [],
        missing: 'forwardFill',
        transform: 'none',
        scaler: 'standard',
        split: { validation: 0.2, test: 0.2 },
        lookback: 3,
        horizon: 2,
        season: 12,
      },
      model: { layers: [{ cell: 'lstm', hidden: 4 }], anchor: 'none' },
      training: {
        epochs: 1,
        batch: 4,
        loss: { name: 'mse' },
        optimizer: { name: 'adam', learningRate: 0.01 },
        clipNorm: 1,
        seed: 1,
      },
    });
  });

  it('keeps what differs from the default, however deep, and only that', () => {
    const layers = [{ cell: 'gru', hidden: 8, every: 2, residual: false }];
    const dropout = { between: 0.25, variational: false };
    const convolution = { filters: 4, width: 3 };
    const { model } = draftOf(withModel({ layers, dropout, convolution }), schema);
    assert.deepEqual(model, {
      layers: [{ cell: 'gru', hidden: 8, every: 2 }],
      dropout: { between: 0.25 },
      convolution: { filters: 4, width: 3 },
      anchor: 'none',
    });
  });

  it('is read again as the same experiment', () => {
    const { device: _device, ...whole } = withModel({ pooling: 'mean', head: { hidden: 5 } });
    const again = draftSchema.parse(draftOf({ ...whole, device: experimentOn({}).device }, schema));
    assert.deepEqual(experimentSchema.shape.model.parse(again.model), whole.model);
  });

  it('says of a text what is chosen for texts, also where it is what it is elsewhere', () => {
    const text = { read: 'words' as const, most: 100 };
    const { model, training } = draftOf({ ...experimentOn({ text }), task: 'classify' }, schema);
    assert.deepEqual(model?.pooling, 'last');
    assert.deepEqual(model?.dropout, { between: 0, variational: false, recurrent: 0 });
    assert.equal(training?.schedule?.name, 'constant');
    assert.equal(model?.embedding, null);
  });

  it('of a text says nothing of columns, and of other tasks nothing of a forecast', () => {
    const text = draftOf({ ...experimentOn({}), task: 'language' }, schema);
    assert.deepEqual(Object.keys(text.data), ['path', 'split', 'lookback']);
    const dropout = { between: 0, variational: false, recurrent: 0 };
    assert.deepEqual(text.model, { layers: [{ cell: 'lstm', hidden: 4 }], embedding: null, dropout });
    assert.equal(text.training?.truncate, null);
    const classes = draftOf({ ...experimentOn({ series: 'id' }), task: 'classify' }, schema);
    assert.deepEqual(Object.keys(classes.data), [
      'path',
      'time',
      'series',
      'target',
      'features',
      'missing',
      'scaler',
      'split',
      'lookback',
    ]);
    assert.deepEqual(Object.keys(classes.model ?? {}), ['layers']);
  });
});
