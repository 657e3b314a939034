import assert from 'node:assert/strict';
import { horizonChoices, modelChoices, targetChoices } from '../../../extension/host/trainingChoices';
import type { Proposal } from '../../../extension/protocol/engine';
import { format, message } from '../../../extension/protocol/messages';

const column = (name: string, kind: 'number' | 'time' | 'text', missing = 0) => ({
  name,
  kind,
  missing,
  min: kind === 'text' ? null : 1.23456,
  max: kind === 'text' ? null : 9,
});

const proposal: Proposal = {
  profile: {
    path: '/w/data.csv',
    rows: 100,
    columns: [column('Month', 'time'), column('a', 'number', 7), column('Note', 'text'), column('b', 'number')],
    fingerprint: 'sha256:0',
  },
  experiment: {
    version: 1,
    name: 'data',
    task: 'forecast',
    data: {
      path: 'data.csv',
      time: 'Month',
      target: 'b',
      features: [],
      missing: 'interpolate',
      transform: 'none',
      scaler: 'standard',
      split: { validation: 0.2, test: 0.2 },
      lookback: 24,
      horizon: 1,
      season: 12,
    },
    model: { layers: [{ cell: 'lstm', hidden: 32 }], anchor: 'last' },
    training: {
      epochs: 10,
      batch: 32,
      optimizer: { name: 'adam', learningRate: 0.01, momentum: 0 },
      clipNorm: 1,
      seed: 1,
    },
    device: { provider: 'cpu', threads: 1 },
  },
  reasons: [
    { choice: 'data.target', why: message('It is the last number column.') },
    { choice: 'model', why: message('The data is small.') },
  ],
};

const labels = (choices: readonly { readonly label: { template: string; args: readonly (string | number)[] } }[]) =>
  choices.map(({ label }) => format(label));

describe('the choices of a training', () => {
  it('offer the number columns, the proposed target first with its reason', () => {
    const choices = targetChoices(proposal);
    assert.deepEqual(labels(choices), ['b', 'a']);
    assert.equal(choices[0]?.detail && format(choices[0].detail), 'It is the last number column.');
    assert.equal(choices[1]?.detail && format(choices[1].detail), '7 of 100 values are missing.');
    assert.equal(choices[0]?.description && format(choices[0].description), '1.235 to 9');
  });

  it('offer each horizon once, the proposed one first', () => {
    assert.deepEqual(
      horizonChoices(proposal).map(({ value }) => value),
      [1, 12],
    );
    const data = { ...proposal.experiment.data, horizon: 12 };
    const seasonal = { ...proposal, experiment: { ...proposal.experiment, data } };
    assert.deepEqual(labels(horizonChoices(seasonal)), ['Forecast the next 12 values', 'Forecast the next value']);
  });

  it('offer the proposed model first, and it only once', () => {
    const choices = modelChoices(proposal);
    assert.deepEqual(labels(choices), ['LSTM 32', 'GRU 32', 'RNN 32', 'LSTM 32 → LSTM 32']);
    assert.equal(choices[0]?.detail && format(choices[0].detail), 'The data is small.');
  });
});
