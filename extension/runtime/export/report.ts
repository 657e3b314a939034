import type { PreparedData } from '../../data/prepared';
import type { Task } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { mainMetric } from '../../protocol/metrics';
import type { Metrics, Report } from '../../protocol/run';

/** What is known of a training when it is judged. */
export interface Judged {
  readonly data: PreparedData;
  /** What the test part came to; empty where there is none. */
  readonly test: Metrics;
  readonly provider: string;
  readonly bestEpoch: number;
  readonly seconds: number;
}

/** The test metrics beside those of the baselines on the same sequences. */
export function makeReport({ data, test, provider, bestEpoch, seconds }: Judged): Report {
  const baselines = data.baselines('test');
  return {
    task: data.task,
    provider,
    bestEpoch,
    seconds,
    windows: data.windows,
    test,
    baselines,
    verdict: verdictOn(data.task, test, baselines),
  };
}

/** How good a test metric is beside the best baseline's, and what to do. */
export function verdictOn(task: Task, test: Metrics, baselines: Readonly<Record<string, Metrics>>): Message {
  const { name: metric, better } = mainMetric[task];
  const sign = better === 'less' ? 1 : -1;
  const model = test[metric];
  const [best] = Object.entries(baselines)
    .flatMap(([baseline, metrics]) => (metrics[metric] === undefined ? [] : [[baseline, metrics[metric]] as const]))
    .sort((a, b) => sign * (a[1] - b[1]));
  if (model === undefined || best === undefined) {
    return message('There is no test part to judge this model by; set data.split.test above 0 to have one.');
  }
  const isBetter = sign * model < sign * best[1];
  if (task === 'forecast') return verdictOnForecast(model, best[0], best[1]);
  if (task === 'language' && best[0] !== 'unigram') return verdictOnCounts(isBetter, rounded(model), rounded(best[1]));
  if (best[0] === 'nGrams') return verdictOnTexts(isBetter, rounded(model), rounded(best[1]));
  return verdictOnAnswers(task, isBetter, rounded(model), rounded(best[1]));
}

function verdictOnAnswers(task: Exclude<Task, 'forecast'>, isBetter: boolean, mine: number, floor: number): Message {
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
        'The test accuracy of {0} is not above the {1} of a logistic regression over n-grams, which is smaller and quicker: use that, or try more epochs, more dropout or data.text.read "{2}".',
        mine,
        floor,
        'characters',
      );
}

function verdictOnForecast(model: number, name: string, rmse: number): Message {
  const percent = rounded((Math.abs(rmse - model) / rmse) * 100, 2);
  const [mine, floor] = [rounded(model), rounded(rmse)];
  if (name === 'seasonalNaive') {
    return model < rmse
      ? message(
          'The test RMSE of {0} is {1} % below that of repeating the last season ({2}): the model has learnt something; use it, or compare it with a bigger one.',
          mine,
          percent,
          floor,
        )
      : message(
          'The test RMSE of {0} is {1} % above that of repeating the last season ({2}): do not use this model yet; try a lookback of at least one season or more epochs.',
          mine,
          percent,
          floor,
        );
  }
  return model < rmse
    ? message(
        'The test RMSE of {0} is {1} % below that of repeating the last value ({2}): the model has learnt something; use it, or compare it with a bigger one.',
        mine,
        percent,
        floor,
      )
    : message(
        'The test RMSE of {0} is {1} % above that of repeating the last value ({2}): do not use this model yet; try a longer lookback, more features or more epochs.',
        mine,
        percent,
        floor,
      );
}

/** To so many significant digits. */
const rounded = (value: number, digits = 4) => Number(value.toPrecision(digits));
