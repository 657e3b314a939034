import type { DownloadProgress } from '../protocol/devices';
import type { Failure } from '../protocol/errors';
import { format } from '../protocol/messages';
import type { EpochMetrics, Progress } from '../protocol/run';
import { mainOf, metricTitle } from './metricTitles';
import { duration, significant } from './numbers';

/** A stream of text, such as process.stdout. */
export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const plainEveryMs = 1000;
/** Norms of a gradient through time on one line; those of larger models stand in the run's lags.jsonl alone. */
const mostLagNorms = 1024;

/**
 * What a person or a program sees. With `json`, standard output gets one JSON object a line and nothing else; without it, results
 * go to standard output and progress to standard error.
 */
export class Output {
  private bar = false;
  private plainAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly out: Sink,
    private readonly err: Sink,
    readonly json: boolean,
  ) {}

  /** A line for programs; nothing where a person reads. */
  event(value: object): void {
    if (this.json) this.result(value);
  }

  /** The whole result of a command whose result is data, whoever reads. */
  result(value: object): void {
    this.out.write(`${JSON.stringify(value)}\n`);
  }

  /** Text for a person; nothing where a program reads. */
  print(text: string): void {
    this.clearBar();
    if (!this.json) this.out.write(`${text}\n`);
  }

  /** A line on standard error for a person who watches. */
  note(text: string): void {
    this.clearBar();
    if (!this.json) this.err.write(`${text}\n`);
  }

  /** One sentence about what went wrong, on standard error whoever reads. */
  failure({ code, text }: Failure): void {
    this.clearBar();
    const sentence = format(text);
    this.event({ event: 'error', code, message: sentence });
    this.err.write(`unroll: ${sentence}\n`);
  }

  progress({ epoch, epochs, step, steps, secondsLeft }: Progress, last: EpochMetrics | null): void {
    if (this.json || this.err.isTTY !== true) return;
    const done = (epoch - 1 + step / steps) / epochs;
    const left = secondsLeft === null ? '' : `  ${duration(secondsLeft)} left`;
    const text = `epoch ${epoch}/${epochs}${last === null ? '' : lossesOf(last)}${left}`;
    // A line that wraps could not be drawn over.
    const columns = this.err.columns ?? 80;
    const room = Math.max(10, Math.min(30, columns - text.length - 4));
    const filled = Math.round(done * room);
    const line = `[${'#'.repeat(filled)}${'.'.repeat(room - filled)}] ${text}`;
    this.err.write(`\r\x1b[K${line.slice(0, columns - 1)}`);
    this.bar = true;
  }

  /** An epoch has ended. Where no bar is drawn, a line now and then says how far it is. */
  epoch(metrics: EpochMetrics, epochs: number): void {
    const { lags, ...rest } = metrics;
    const told = (lags ?? []).reduce((sum, { norms }) => sum + norms.length, 0);
    this.event({ event: 'epoch', ...rest, ...(lags !== undefined && told <= mostLagNorms && { lags }) });
    if (this.json || this.err.isTTY === true) return;
    const now = performance.now();
    if (now - this.plainAt < plainEveryMs && metrics.epoch < epochs) return;
    this.plainAt = now;
    this.err.write(`epoch ${metrics.epoch}/${epochs}${lossesOf(metrics)}\n`);
  }

  /** How much of a download has arrived: a bar on a terminal, else a line now and then. */
  download({ received, total }: DownloadProgress): void {
    const now = performance.now();
    if (now - this.plainAt < (this.err.isTTY === true && !this.json ? 100 : plainEveryMs) && received !== total) return;
    this.plainAt = now;
    this.event({ event: 'download', received, total });
    if (this.json) return;
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    const text = `${megabytes(received)}${total === null ? '' : ` of ${megabytes(total)}`} MB`;
    this.bar = this.err.isTTY === true;
    this.err.write(this.bar ? `\r\x1b[K${text}` : `${text}\n`);
  }

  private clearBar(): void {
    if (this.bar) this.err.write('\r\x1b[K');
    this.bar = false;
  }
}

function lossesOf({ trainLoss, validationLoss, validation }: EpochMetrics): string {
  const loss = validationLoss === null ? '' : `  validation ${significant(validationLoss)}`;
  // The one metric that says most; the file has them all.
  const [name, value] = mainOf(validation ?? {});
  return `  loss ${significant(trainLoss)}${loss}${value === undefined ? '' : `  ${metricTitle(name)} ${significant(value)}`}`;
}
