import { mainMetric } from '../../protocol/metrics';
import type { Report } from '../../protocol/run';
import type { AnswerData } from '../prepared';
import { compareWithBest } from './compare';
import type { Judge } from './judge';

/** What a report says of answers of the test part, of every task but forecasts, beside the baselines. */
export function judgeAnswers(
  data: AnswerData,
  judge: Judge,
  seed: number,
): Pick<Report, 'test' | 'baselines' | 'comparison'> {
  const simple = data.baselines('test');
  const baselines = Object.fromEntries(Object.entries(simple).map(([name, { metrics }]) => [name, metrics]));
  const tally = judge.tally?.();
  const comparison =
    tally === undefined
      ? null
      : compareWithBest(mainMetric[data.task], tally, baselines, (name) => simple[name]?.tally, seed);
  return { test: judge.metrics(), baselines, ...(comparison !== null && { comparison }) };
}
