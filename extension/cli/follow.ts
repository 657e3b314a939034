import process from 'node:process';
import { format } from '../protocol/messages';
import { mainMetric } from '../protocol/metrics';
import type {
  EpochMetrics,
  IntervalReport,
  Metrics,
  Report,
  RunEvent,
  Scores,
  SeriesScores,
  TargetScores,
} from '../protocol/run';
import { readReport } from '../runtime/runs/readRun';
import { runFiles } from '../runtime/runs/runFolder';
import type { Training } from '../runtime/training/training';
import { metricTitle } from './metricTitles';
import { duration, significant, table } from './numbers';
import type { Output } from './output';

/** Exit status of a command that a signal ended. */
const interrupted = 130;

/** Starts a training, listening to it. */
type Start = (listener: (event: RunEvent) => void, signal: AbortSignal) => Promise<Training>;

/**
 * Follows a training in a terminal to its end. Ctrl+C stops it and any other wish to end interrupts it; either way its checkpoint is
 * written first.
 * @param epochs how many there will be.
 * @param onRun is told the run's folder.
 * @returns the exit status.
 */
export async function follow(
  output: Output,
  epochs: number,
  start: Start,
  onRun: (dir: string) => void = () => {},
): Promise<number> {
  let asked: 'stop' | 'interrupt' | null = null;
  let training: Training | null = null;
  let last: EpochMetrics | null = null;
  const reading = new AbortController();
  const end = (wish: 'stop' | 'interrupt') => {
    if (asked === null && training !== null) output.note('Stopping; the checkpoint is being written.');
    asked = wish;
    reading.abort();
    void training?.stop(wish);
  };
  const onInterrupt = () => end('stop');
  const onEnd = () => end('interrupt');
  process.on('SIGINT', onInterrupt);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, onEnd);
  // Whoever read the output has gone: nobody is told any more, but the run can still be resumed.
  process.stdout.on('error', onEnd);
  try {
    training = await start((event) => {
      if (event.kind === 'epoch') {
        last = event.metrics;
        output.epoch(event.metrics, epochs);
      } else if (event.kind === 'progress') {
        output.progress(event.progress, last);
      }
    }, reading.signal).catch((error: unknown) => {
      if (reading.signal.aborted) return null;
      throw error;
    });
    if (training === null) {
      output.note('Stopped before the training began.');
      return interrupted;
    }
    if (asked !== null) void training.stop(asked);
    const { dir } = training;
    onRun(dir);
    output.note(`Training on ${training.provider} in ${dir}`);
    const state = await training.ended;
    if (state.kind === 'failed') {
      output.failure(state.failure);
      return 1;
    }
    const report = state.kind === 'done' ? readReport(dir) : null;
    if (report === null) {
      output.event({ event: 'stopped', run: dir });
      output.note(`Stopped. Go on with: unroll resume ${dir}`);
      return interrupted;
    }
    finish(output, dir, report);
    return 0;
  } finally {
    process.off('SIGINT', onInterrupt);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.off(signal, onEnd);
  }
}

function finish(output: Output, dir: string, report: Report): void {
  const {
    provider,
    test,
    baselines,
    perHorizon,
    perSeries,
    perTarget,
    comparison,
    interval,
    verdict,
    bestEpoch,
    seconds,
  } = report;
  const { model } = runFiles(dir);
  output.event({
    event: 'done',
    run: dir,
    model,
    provider,
    test,
    baselines,
    perHorizon,
    perSeries,
    perTarget,
    comparison,
    interval,
  });
  const names = Object.keys(test);
  const row = (name: string, metrics: Readonly<Record<string, number>>) => [
    name,
    ...names.map((metric) => significant(metrics[metric] ?? Number.NaN)),
  ];
  const rows = [
    ['test', ...names.map(metricTitle)],
    row('this model', test),
    ...Object.entries(baselines).map(([name, metrics]) => row(baselineTitles[name] ?? name, metrics)),
  ];
  output.print(
    [
      table(rows),
      ...(perHorizon === undefined ? [] : ['', table(stepRows(perHorizon, mainMetric[report.task].name))]),
      ...(perTarget === undefined ? [] : ['', table(targetRows(perTarget))]),
      ...(perSeries === undefined ? [] : ['', table(seriesRows(perSeries, report.seriesTested ?? perSeries.length))]),
      '',
      format(verdict),
      ...(interval === undefined ? [] : [intervalText(interval)]),
      '',
      `Best epoch ${bestEpoch}, ${duration(seconds)} of training on ${provider}`,
      `Run    ${dir}`,
      `Model  ${model}`,
    ].join('\n'),
  );
}

const intervalText = ({ level, coverage, width }: IntervalReport) =>
  `The ${percent(level)} % intervals held ${percent(coverage)} % of the test values; they are ${significant(width)} wide on average.`;

const percent = (share: number) => Math.round(1000 * share) / 10;

/** Steps of the horizon that a terminal is told at most. */
const mostSteps = 24;

/** The main metric at each step ahead; of a long horizon at some, the first and the last among them. */
function stepRows(perHorizon: Readonly<Record<string, readonly Metrics[]>>, metric: string): string[][] {
  const horizon = perHorizon['model']?.length ?? 0;
  const shown = Math.min(horizon, mostSteps);
  const steps = Array.from({ length: shown }, (_, i) => Math.round((i * (horizon - 1)) / Math.max(1, shown - 1)));
  const names = Object.keys(perHorizon);
  return [
    [
      `${metricTitle(metric)} at step`,
      ...names.map((name) => (name === 'model' ? 'this model' : (baselineTitles[name] ?? name))),
    ],
    ...steps.map((step) => [
      String(step + 1),
      ...names.map((name) => significant(perHorizon[name]?.[step]?.[metric] ?? Number.NaN)),
    ]),
  ];
}

/** Series that a terminal is told of at most. */
const mostSeries = 10;

/** How good the forecast of each of several series is, of many the worst. */
function seriesRows(perSeries: readonly SeriesScores[], tested: number): string[][] {
  const shown = perSeries.slice(0, mostSeries);
  const head = shown.length < tested ? `worst ${shown.length} of ${tested} series` : 'series, the worst first';
  return scoreRows(
    head,
    shown.map(({ series, ...scores }) => [series, scores]),
  );
}

/** How good the forecast of each of several targets is, in its own units. */
const targetRows = (perTarget: readonly TargetScores[]) =>
  scoreRows(
    'target, in its own units',
    perTarget.map(({ target, ...scores }) => [target, scores]),
  );

function scoreRows(head: string, rows: readonly (readonly [string, Scores])[]): string[][] {
  const of = (metrics: Metrics | undefined, name: string) => significant(metrics?.[name] ?? Number.NaN);
  return [
    [head, 'MASE', 'RMSE', 'best baseline', 'its RMSE'],
    ...rows.map(([name, { model, baseline }]) => [
      name,
      of(model, 'mase'),
      of(model, 'rmse'),
      baseline === null ? '' : (baselineTitles[baseline.name] ?? baseline.name),
      of(baseline?.metrics, 'rmse'),
    ]),
  ];
}

export const baselineTitles: Readonly<Record<string, string>> = {
  persistence: 'last value',
  seasonalNaive: 'last season',
  drift: 'drift',
  linear: 'linear autoregression',
  majority: 'most frequent class',
  usualTag: 'most frequent tag of each word',
  nGrams: 'n-gram regression',
  unigram: '1-grams',
  bigram: '2-grams',
  trigram: '3-grams',
  fourGram: '4-grams',
  fiveGram: '5-grams',
  empty: 'nothing written',
  frequentTranscript: 'most frequent transcript',
  copy: 'source copied',
  mostFrequent: 'most frequent translation',
  nearestSource: 'translation of the most similar source',
};
