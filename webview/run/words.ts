import { fromFailure } from '../../extension/protocol/errors';
import type { CellName, Experiment } from '../../extension/protocol/experiment';
import type { RunDetail, RunState } from '../../extension/protocol/run';
import { explain, t } from '../l10n';
import { number } from '../numbers';
import { unitCount } from '../trace/signals';

/** A run's state in a word. */
export function stateName(state: RunState): string {
  switch (state.kind) {
    case 'preparing':
      return t('Preparing');
    case 'training':
      return t('Training');
    case 'paused':
      return t('Paused');
    case 'stopped':
      return t('Stopped');
    case 'interrupted':
      return t('Interrupted');
    case 'failed':
      return t('Failed');
    case 'done':
      return t('Done');
  }
}

/** A forecast's series in words; also the lines' labels. */
export function seriesName(name: string): string {
  switch (name) {
    case 'truth':
      return t('truth');
    case 'model':
      return t('model');
    case 'persistence':
      return t('persistence');
    case 'seasonalNaive':
      return t('seasonal naive');
    default:
      return name;
  }
}

function cellTitle(cell: CellName): string {
  switch (cell) {
    case 'lstm':
      return 'LSTM';
    case 'gru':
      return 'GRU';
    case 'gruResetBefore':
      return t('GRU (reset before)');
    case 'rnn':
      return t('RNN (tanh)');
    case 'rnnRelu':
      return t('RNN (relu)');
    case 'rnnSigmoid':
      return t('RNN (sigmoid)');
  }
}

/** What is trained, on what, to do what: one sentence. */
export function purpose({ data, model }: Experiment): string {
  const layers = model.layers.map(({ cell, hidden }) => t('{0} with {1}', cellTitle(cell), unitCount(hidden)));
  const net = layers.join(t(', then '));
  const file = data.path.split(/[\\/]/).at(-1) ?? data.path;
  const read = data.features.length === 0 ? '' : ` ${t('It also reads {0}.', data.features.join(', '))}`;
  if (data.horizon === 1) {
    return (
      t('{0}: forecasts the next {1} from the last {2} rows of {3}.', net, data.target, data.lookback, file) + read
    );
  }
  return (
    t(
      '{0}: forecasts the next {1} values of {2} from the last {3} rows of {4}.',
      net,
      data.horizon,
      data.target,
      data.lookback,
      file,
    ) + read
  );
}

/** The first thing to read: the verdict where there is one, else how far it is or what to do. */
export function answer({ summary, epochs }: RunDetail): string | null {
  const { state, best } = summary;
  if (state.kind === 'failed') return explain(fromFailure(state.failure));
  if (state.kind === 'interrupted') {
    return t(
      'Training was interrupted after epoch {0} of {1}. Resume it to go on from its last checkpoint.',
      summary.epoch,
      summary.epochs,
    );
  }
  if (state.kind === 'stopped') {
    return t(
      'Stopped after epoch {0} of {1}. Resume it to go on from there, or export what it has learnt.',
      summary.epoch,
      summary.epochs,
    );
  }
  if (best === null || (state.kind !== 'training' && state.kind !== 'paused')) return null;
  const row = epochs[best.epoch - 1];
  const rmse = row?.epoch === best.epoch ? row.validationRmse : null;
  if (rmse === null) return t('Best so far: epoch {0}, validation loss {1}.', best.epoch, number(best.validationLoss));
  return t(
    'Best so far: epoch {0}, validation loss {1}, RMSE {2}.',
    best.epoch,
    number(best.validationLoss),
    number(rmse),
  );
}
