import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { type EpochMetrics, type LagNorms, mostLags } from '../../protocol/run';
import { onDisk, writeAtomic } from './storage';

/** Lines of a file; where there would be more, every second one goes. */
const mostLines = 512;
/** No run writes so much; whatever is larger is not read. */
const mostBytes = 64e6;

const whole = z.int().min(0);
const lineSchema = z.object({
  epoch: whole,
  lags: z.array(
    z.object({
      layer: whole,
      direction: z.enum(['forward', 'reverse']),
      state: z.string(),
      reach: whole,
      norms: z.array(z.number().min(0)).max(mostLags),
    }),
  ),
});

/** What was measured after one epoch. */
interface Line {
  readonly epoch: number;
  readonly lags: readonly LagNorms[];
}

/** The lines of a run's lags.jsonl; none where there is no such file. What a kill cut short or somebody damaged is left out. */
export function readLags(file: string): readonly Line[] {
  let text: string;
  try {
    if (statSync(file).size > mostBytes) return [];
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line): Line[] => {
    try {
      const parsed = lineSchema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/** Epochs, each with what was measured after it. */
export function withLags(epochs: readonly EpochMetrics[], lines: readonly Line[]): EpochMetrics[] {
  const found = new Map(lines.map(({ epoch, lags }) => [epoch, lags]));
  return epochs.map((row) => {
    const lags = found.get(row.epoch);
    return lags === undefined ? row : { ...row, lags };
  });
}

const written = (lines: readonly Line[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

/** Adds lines to a run's lags.jsonl, which stays small however long the run is. */
export class LagLog {
  private lines: readonly Line[];

  /** Keeps what was measured in the first `epochs` epochs; a resumed run measures the later ones anew. */
  constructor(
    private readonly file: string,
    epochs: number,
  ) {
    this.lines = readLags(file).filter(({ epoch }) => epoch <= epochs);
    if (existsSync(file)) writeAtomic(file, written(this.lines));
  }

  append(epoch: number, lags: readonly LagNorms[]): void {
    const line: Line = { epoch, lags };
    this.lines = [...this.lines, line];
    if (this.lines.length <= mostLines) {
      onDisk(this.file, () => appendFileSync(this.file, written([line])));
      return;
    }
    const last = this.lines.length - 1;
    this.lines = this.lines.filter((_, i) => i % 2 === 0 || i === last);
    writeAtomic(this.file, written(this.lines));
  }
}
