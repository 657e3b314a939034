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
  if (comparison !== null && comparison.low <= 0 && comparison.high >= 0) {
    return message(
      'The test {0} of {1} and the {2} of {3} cannot be told apart: with 95 % confidence the difference is between {4} and {5}. The simpler one will do, until a better model or more data say otherwise.',
      metricTitle(metric),
      rounded(model),
      rounded(best.value),
      phraseOf(best.name),
      rounded(comparison.low, 3),
      rounded(comparison.high, 3),
    );
  }
  const isBetter = sign * model < sign * best.value;
  if (task === 'forecast') return verdictOnForecast(model, best.name, best.value, comparison);
  const [mine, floor] = [rounded(model), rounded(best.value)];
  const verdict =
    task === 'language' && best.name !== 'unigram'
      ? verdictOnCounts(isBetter, mine, floor)
      : best.name === 'nGrams'
        ? verdictOnTexts(isBetter, mine, floor)
        : task === 'translate'
          ? verdictOnTranslations(isBetter, mine, best.name, floor)
          : verdictOnAnswers(task, isBetter, mine, floor);
  if (comparison === null) return verdict;
  return message(
    '{0} With 95 % confidence the difference is between {1} and {2}.',
    verdict,
    rounded(comparison.low, 3),
    rounded(comparison.high, 3),
  );
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
    case 'nGrams':
      return message('a logistic regression over n-grams');
    case 'unigram':
      return message('knowing only how frequent each character is');
    case 'empty':
      return message('writing nothing');
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

function verdictOnAnswers(
  task: Exclude<Task, 'forecast' | 'translate'>,
  isBetter: boolean,
  mine: number,
  floor: number,
): Message {
  switch (task) {
    case 'language':
      return isBetter
        ? message(
            'The test loss of {0} nats a character is below the {1} of knowing only how frequent each character is: the model has learnt something; use it, or compare it with a bigger one.',
            mine,
            floor,
          )
        : message(
            'The test loss of {0} nats a character is not below the {1} of knowing only how frequent each character is: do not use this model yet; try more text, more epochs or another learning rate.',
            mine,
            floor,
          );
    case 'transcribe':
      return isBetter
        ? message(
            'The test character error rate of {0} is below the {1} of writing nothing: the model has learnt something; use it, or compare it with a bigger one.',
            mine,
            floor,
          )
        : message(
            'The test character error rate of {0} is not below the {1} of writing nothing: do not use this model yet; try more sequences or more epochs.',
            mine,
            floor,
          );
    default:
      return isBetter
        ? message(
            'The test accuracy of {0} is above the {1} of always answering the most frequent class: the model has learnt something; use it, or compare it with a bigger one.',
            mine,
            floor,
          )
        : message(
            'The test accuracy of {0} is not above the {1} of always answering the most frequent class: do not use this model yet; try more features, more epochs or training.loss.classWeights "balanced".',
            mine,
            floor,
          );
  }
}

function verdictOnTranslations(isBetter: boolean, mine: number, name: string, floor: number): Message {
  return isBetter
    ? message(
        'The test BLEU of {0} is above the {1} of {2}: the model has learnt something; use it, or compare it with a bigger one.',
        mine,
        floor,
        phraseOf(name),
      )
    : message(
        'The test BLEU of {0} is not above the {1} of {2}: do not use this model yet; try more pairs or more epochs.',
        mine,
        floor,
        phraseOf(name),
      );
}

function verdictOnCounts(isBetter: boolean, mine: number, floor: number): Message {
  return isBetter
    ? message(
        'The test loss of {0} nats a character is below the {1} of the best n-gram counts (Kneser-Ney): the model has learnt more than which characters follow which; use it, or compare it with a bigger one.',
        mine,
        floor,
      )
    : message(
        'The test loss of {0} nats a character is not below the {1} of the best n-gram counts (Kneser-Ney), which are quicker: train for more epochs, with more units or a longer lookback.',
        mine,
        floor,
      );
}

function verdictOnTexts(isBetter: boolean, mine: number, floor: number): Message {
  return isBetter
    ? message(
        'The test accuracy of {0} is above the {1} of a logistic regression over n-grams: reading in order is worth it here; use the model, or compare it with a bigger one.',
        mine,
        floor,
      )
    : message(
        'The test accuracy of {0} is not above the {1} of a logistic regression over n-grams, which is smaller and quicker: use that, or try more epochs, more dropout or the other way to read texts (data.text.read).',
        mine,
        floor,
      );
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
