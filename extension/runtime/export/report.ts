import { bestBaseline } from '../../data/judging/bestBaseline';
import type { PreparedData } from '../../data/prepared';
import type { Task } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { mainMetric, metricTitle } from '../../protocol/metrics';
import type { Comparison, Metrics, Report } from '../../protocol/run';

/** What is known of a training when it is judged. */
export interface Judged {
  readonly data: PreparedData;
  /** What the test part came to, beside the baselines; empty where there is none. */
  readonly judged: Omit<Report, 'task' | 'provider' | 'bestEpoch' | 'seconds' | 'windows' | 'verdict'>;
  readonly provider: string;
  readonly bestEpoch: number;
  readonly seconds: number;
}

/** The test metrics beside those of the baselines on the same sequences. */
export function makeReport({ data, judged, provider, bestEpoch, seconds }: Judged): Report {
  const { test, baselines, comparison } = judged;
  return {
    task: data.task,
    provider,
    bestEpoch,
    seconds,
    windows: data.windows,
    ...judged,
    verdict: verdictOn(data.task, test, baselines, comparison ?? null),
  };
}

/** How good a test metric is beside the best baseline's, how sure that is, and what to do. */
export function verdictOn(
  task: Task,
  test: Metrics,
  baselines: Readonly<Record<string, Metrics>>,
  comparison: Comparison | null = null,
): Message {
  const { name: metric, better } = mainMetric[task];
  const sign = better === 'less' ? 1 : -1;
  const model = test[metric];
  const best = bestBaseline(baselines, mainMetric[task]);
  if (model === undefined || best === null) {
    return message('There is no test part to judge this model by; set data.split.test above 0 to have one.');
  }
  if (comparison?.low === 0 && comparison.high === 0) {
    return message(
      'The test {0} is {1}, and exactly the same of {2}: nothing in the test part tells them apart, so the simpler one will do.',
      measureOf(task),
      rounded(model),
      phraseOf(best.name),
    );
  }
  if (comparison !== null && comparison.low <= 0 && comparison.high >= 0) {
    return message(
      'The test {0} of {1} and the {2} of {3} cannot be told apart: with 95 % confidence the difference is between {4} and {5}. The simpler one will do, until a better model or more data say otherwise.',
      measureOf(task),
      rounded(model),
      rounded(best.value),
      phraseOf(best.name),
      rounded(comparison.low, 3),
      rounded(comparison.high, 3),
    );
  }
  if (task === 'forecast') return verdictOnForecast(model, best.name, best.value, comparison);
  const known = [measureOf(task), rounded(model), rounded(best.value), phraseOf(best.name)] as const;
  const isBetter = sign * model < sign * best.value;
  if (comparison === null) {
    return isBetter
      ? message(
          'The test {0} of {1} is better than the {2} of {3}, but the test part is too small to say how much of that is chance: keep more for it.',
          ...known,
        )
      : message(
          'The test {0} of {1} is not better than the {2} of {3}: do not use this model yet; {4}.',
          ...known,
          adviceOn(task, best.name),
        );
  }
  const [low, high] = [rounded(comparison.low, 3), rounded(comparison.high, 3)];
  return isBetter
    ? message(
        'The test {0} of {1} is better than the {2} of {3}, with 95 % confidence a difference between {4} and {5}: the model is worth having.',
        ...known,
        low,
        high,
      )
    : message(
        'The test {0} of {1} is worse than the {2} of {3}, with 95 % confidence a difference between {4} and {5}: do not use this model yet; {6}.',
        ...known,
        low,
        high,
        adviceOn(task, best.name),
      );
}

/** The main metric of a task in the middle of a sentence. */
function measureOf(task: Task): Message | string {
  switch (task) {
    case 'language':
      return message('loss in nats');
    case 'transcribe':
      return message('character error rate');
    case 'classify':
    case 'label':
      return message('accuracy');
    default:
      return metricTitle(mainMetric[task].name);
  }
}

/** What to do where a baseline is no worse. */
function adviceOn(task: Exclude<Task, 'forecast'>, baseline: string): Message {
  if (baseline === 'nGrams') {
    return message(
      'use that, which is smaller and quicker, or try more epochs, more dropout or the other way to read texts (data.text.read)',
    );
  }
  if (baseline === 'usualTag') {
    return message('use that, which needs no model, or try more sentences or more epochs');
  }
  switch (task) {
    case 'language':
      return baseline === 'unigram'
        ? message('try more text, more epochs or another learning rate')
        : message('try more epochs, more units or a longer lookback, or use the counts, which are quicker');
    case 'transcribe':
      return message('try more sequences or more epochs');
    case 'translate':
      return message('try more pairs or more epochs');
    default:
      return message('try more features, more epochs or training.loss.classWeights "balanced"');
  }
}

/** A baseline in the middle of a sentence. */
function phraseOf(name: string): Message {
  switch (name) {
    case 'persistence':
      return message('repeating the last value');
    case 'seasonalNaive':
      return message('repeating the last season');
    case 'drift':
      return message('going on along the line from the first value to the last');
    case 'linear':
      return message('linear autoregression');
    case 'majority':
      return message('always answering the most frequent class');
    case 'usualTag':
      return message('giving each word its most frequent tag');
    case 'nGrams':
      return message('a logistic regression over n-grams');
    case 'unigram':
      return message('knowing only how frequent each character or word is');
    case 'bigram':
    case 'trigram':
    case 'fourGram':
    case 'fiveGram':
      return message('the best n-gram counts (Kneser-Ney)');
    case 'empty':
      return message('writing nothing');
    case 'frequentTranscript':
      return message('always writing the most frequent transcript');
    case 'copy':
      return message('copying the source');
    case 'mostFrequent':
      return message('always writing the most frequent translation');
    case 'nearestSource':
      return message('writing the translation of the most similar source');
    default:
      return message('the best baseline');
  }
}

function verdictOnForecast(model: number, name: string, rmse: number, comparison: Comparison | null): Message {
  if (rmse === 0) {
    return message(
      'The test RMSE is {0}, and {1} is never wrong here: this series needs no model.',
      rounded(model),
      phraseOf(name),
    );
  }
  const percent = rounded((Math.abs(rmse - model) / rmse) * 100, 2);
  const known = [rounded(model), percent, phraseOf(name), rounded(rmse)] as const;
  if (comparison === null) {
    return model < rmse
      ? message(
          'The test RMSE of {0} is {1} % below that of {2} ({3}), but the test part is too small to say how much of that is chance: keep more rows for it.',
          ...known,
        )
      : message(
          'The test RMSE of {0} is {1} % above that of {2} ({3}): do not use this model yet; try a longer lookback, more features or more epochs.',
          ...known,
        );
  }
  const [low, high] = [rounded(comparison.low, 3), rounded(comparison.high, 3)];
  return model < rmse
    ? message(
        'The test RMSE of {0} is {1} % below that of {2} ({3}), with 95 % confidence a difference between {4} and {5}: the model is worth having.',
        ...known,
        low,
        high,
      )
    : message(
        'The test RMSE of {0} is {1} % above that of {2} ({3}), with 95 % confidence a difference between {4} and {5}: do not use this model yet; try a longer lookback, more features or more epochs.',
        ...known,
        low,
        high,
      );
}

/** To so many significant digits. */
const rounded = (value: number, digits = 4) => Number(value.toPrecision(digits));
