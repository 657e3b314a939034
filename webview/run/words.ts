import { cellTitles } from '../../extension/protocol/choices/cells';
import { fromFailure } from '../../extension/protocol/errors';
import type { Experiment } from '../../extension/protocol/experiment';
import { mainMetric, metricMessage } from '../../extension/protocol/metrics';
import type { RunDetail, RunState } from '../../extension/protocol/run';
import { explain, say, t } from '../l10n';
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

/** How a metric is written. */
export const metricName = (metric: string): string => say(metricMessage(metric));

/** What a text is read by. */
export type Token = 'character' | 'word';

/** A baseline beside a model that reads a text by `token`, in words. */
export const baselineName = (name: string, token: Token): string =>
  name === 'unigram' && token === 'word' ? t('word frequencies') : seriesName(name);

/** A forecast's series or a baseline in words; also the lines' labels. */
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
    case 'drift':
      return t('drift');
    case 'linear':
      return t('linear autoregression');
    case 'majority':
      return t('most frequent class');
    case 'usualTag':
      return t('most frequent tag of each word');
    case 'nGrams':
      return t('n-gram regression');
    case 'unigram':
      return t('character frequencies');
    case 'bigram':
      return t('{0}-grams', 2);
    case 'trigram':
      return t('{0}-grams', 3);
    case 'fourGram':
      return t('{0}-grams', 4);
    case 'fiveGram':
      return t('{0}-grams', 5);
    case 'empty':
      return t('nothing written');
    case 'frequentTranscript':
      return t('most frequent transcript');
    case 'copy':
      return t('source copied');
    case 'mostFrequent':
      return t('most frequent translation');
    case 'nearestSource':
      return t('translation of the most similar source');
    default:
      return name;
  }
}

/** What is trained, on what, to do what: one sentence. */
export function purpose({ task, data, model }: Experiment): string {
  const layers = model.layers.map(({ cell, hidden, bidirectional }) => {
    const plain = t('{0} with {1}', cellTitles[cell], unitCount(hidden));
    return bidirectional ? t('{0} in both directions', plain) : plain;
  });
  const net = layers.join(t(', then '));
  const file = data.path.split(/[\\/]/).at(-1) ?? data.path;
  const also = data.features.length === 0 ? '' : ` ${t('It also reads {0}.', listed(data.features))}`;
  const reads = data.features.length === 0 ? '' : ` ${t('It reads {0}.', listed(data.features))}`;
  const ahead = data.known.length === 0 ? '' : ` ${t('It knows {0} ahead.', listed(data.known))}`;
  const together = data.moreTargets.length === 0 ? '' : ` ${t('Together with it, {0}.', listed(data.moreTargets))}`;
  const each = data.series === null ? '' : ` ${t('Each {0} is a series of its own.', data.series)}`;
  const more = `${together}${also}${ahead}${each}`;
  switch (task) {
    case 'forecast':
      if (data.horizon === 1) {
        return (
          t('{0}: forecasts the next {1} from the last {2} rows of {3}.', net, data.target, data.lookback, file) + more
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
        ) + more
      );
    case 'classify':
      if (data.text !== null) {
        return data.text.read === 'words'
          ? t('{0}: tells the {1} of each text in {2}, reading it word by word.', net, data.target, file)
          : t('{0}: tells the {1} of each text in {2}, reading it character by character.', net, data.target, file);
      }
      if (data.sound !== null) {
        return t(
          '{0}: tells the {1} of each sound in {2}, from {3} bands of frequency every {4} ms.',
          net,
          data.target,
          file,
          data.sound.mels,
          data.sound.hop,
        );
      }
      if (data.series !== null)
        return t('{0}: tells the {1} of each {2} in {3}.', net, data.target, data.series, file) + reads;
      return (
        t('{0}: tells the {1} of a row of {2} from the last {3} rows.', net, data.target, file, data.lookback) + reads
      );
    case 'label':
      if (data.text !== null) return t('{0}: tells the {1} of every word in {2}.', net, data.target, file);
      return t('{0}: tells the {1} of every row of {2}.', net, data.target, file) + reads;
    case 'language':
      if (data.text?.read === 'words')
        return t('{0}: tells the next word of {1}, {2} words at a time.', net, file, data.lookback);
      return t('{0}: tells the next character of {1}, {2} characters at a time.', net, file, data.lookback);
    case 'translate':
      return t('{0}: translates {1} into {2}, learnt from {3}.', net, data.features.join(t(', ')), data.target, file);
    case 'transcribe':
      if (data.sound !== null) {
        return t(
          '{0}: writes what each sound in {1} says, from {2} bands of frequency every {3} ms.',
          net,
          file,
          data.sound.mels,
          data.sound.hop,
        );
      }
      return t('{0}: writes the {1} of each {2} in {3}.', net, data.target, data.series ?? '', file) + reads;
  }
}

/** Names in a row; of many the first few, and how many more there are. */
function listed(names: readonly string[]): string {
  const most = 6;
  if (names.length <= most) return names.join(t(', '));
  return t('{0} and {1} more', names.slice(0, most - 1).join(t(', ')), names.length - most + 1);
}

/** The first thing to read: the verdict where there is one, else how far it is or what to do. */
export function answer({ summary, experiment, epochs }: RunDetail): string | null {
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
  const metric = mainMetric[experiment.task].name;
  const value = row?.epoch === best.epoch ? row.validation?.[metric] : undefined;
  if (value === undefined) {
    return t('Best so far: epoch {0}, validation loss {1}.', best.epoch, number(best.validationLoss));
  }
  return t(
    'Best so far: epoch {0}, validation loss {1}, {2} {3}.',
    best.epoch,
    number(best.validationLoss),
    metricName(metric),
    number(value),
  );
}
