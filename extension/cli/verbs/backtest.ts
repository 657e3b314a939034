import process from 'node:process';
import { type BacktestOrigin, spreadOf, usualOrigins } from '../../protocol/backtest';
import { UnrollError } from '../../protocol/errors';
import { mainMetric } from '../../protocol/metrics';
import type { EpochMetrics } from '../../protocol/run';
import { backtest as runBacktest } from '../../runtime/backtest/backtest';
import { readReport } from '../../runtime/runs/readRun';
import { readRecord } from '../../runtime/runs/record';
import { checkRun } from '../../runtime/runs/runFolder';
import { type Command, jsonOption, wholeOption } from '../command';
import { baselineTitles } from '../follow';
import { metricTitle } from '../metricTitles';
import { moment, significant, table } from '../numbers';
import { resolveRun } from '../operands';
import { workerFile } from '../workerFile';
import { runTrain } from './train';

/** Exit status of a command that a signal ended. */
const interrupted = 130;

export const backtest: Command = {
  verb: 'backtest',
  synopsis: 'backtest <run | experiment.json> [--origins N]',
  summary:
    'Trains the experiment of a forecast again from N earlier origins, each one test part before the next and with scalers of its own, and\n' +
    'prints how well each forecasts what followed it, beside the baselines. Ctrl+C stops; the same command goes on, origin by origin.\n' +
    "The result is kept as backtest.json in the run's folder. An experiment file is trained first.",
  operands: { least: 1, most: 1 },
  options: [
    {
      name: 'origins',
      value: 'N',
      help: 'How many earlier origins; at most 5 by default, fewer where they would leave too little to train on.',
    },
    jsonOption,
  ],
  async run(call) {
    const { options, cwd, output } = call;
    const [run = ''] = call.operands;
    let named = resolveRun(cwd, run);
    if (run.toLowerCase().endsWith('.json')) {
      const status = await runTrain(call, (trained) => {
        named = trained;
      });
      if (status !== 0) return status;
    }
    const dir = checkRun(named);
    const { data, training } = readRecord(dir).experiment;
    const origins = wholeOption(options, 'origins') ?? usualOrigins(data.split);
    const stop = new AbortController();
    const onSignal = () => {
      output.note('Stopping; the checkpoint is being written.');
      stop.abort();
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, onSignal);
    let last: EpochMetrics | null = null;
    try {
      const done = await runBacktest(
        workerFile,
        dir,
        origins,
        {
          epoch(_, metrics) {
            last = metrics;
            output.epoch(metrics, training.epochs);
          },
          progress: (_, progress) => output.progress(progress, last),
          origin(result) {
            output.event({ event: 'origin', ...result });
            output.note(`Origin ${result.origin} of ${origins} is done.`);
          },
        },
        stop.signal,
      );
      const report = readReport(dir);
      const own = report === null ? [] : [{ ...report, origin: 0, tested: null }];
      output.event({ event: 'done', run: dir, origins: done });
      output.print(tableOf([...own, ...done]));
      return 0;
    } catch (error) {
      if (!(error instanceof UnrollError && error.code === 'cancelled')) throw error;
      output.note(`Stopped. Go on with: unroll backtest ${dir} --origins ${origins}`);
      return interrupted;
    } finally {
      for (const signal of signals) process.off(signal, onSignal);
    }
  },
};

/** The main metric of the model and of each baseline at every origin, then their mean and spread. */
function tableOf(origins: readonly BacktestOrigin[]): string {
  const { name: metric } = mainMetric.forecast;
  const names = ['model', ...Object.keys(origins[0]?.baselines ?? {})];
  const figureOf = ({ test, baselines }: BacktestOrigin, who: string) =>
    significant((who === 'model' ? test : baselines[who])?.[metric] ?? Number.NaN);
  const spread = (of: 'mean' | 'deviation') =>
    names.map((who) => significant(spreadOf(origins, who, metric)?.[of] ?? Number.NaN));
  return table([
    [
      `${metricTitle(metric)} by origin`,
      ...names.map((name) => (name === 'model' ? 'this model' : (baselineTitles[name] ?? name))),
    ],
    ...origins.map((each) => [titleOf(each), ...names.map((who) => figureOf(each, who))]),
    ['mean', ...spread('mean')],
    ['standard deviation', ...spread('deviation')],
  ]);
}

const titleOf = ({ origin, tested }: BacktestOrigin) => {
  if (origin === 0) return 'this run';
  return tested === null ? `${origin} before` : `${origin} before, from ${moment(tested)}`;
};
