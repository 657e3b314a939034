import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import type { EpochMetrics } from '../../protocol/run';
import { onDisk, writeAll, writeAtomic } from './storage';

const columns = [
  'step',
  'epoch',
  'trainLoss',
  'validationLoss',
  'validationRmse',
  'learningRate',
  'gradientNorm',
  'seconds',
] as const satisfies readonly (keyof EpochMetrics)[];

const header = `${columns.join(',')}\n`;
const line = (row: EpochMetrics) => `${columns.map((column) => row[column] ?? '').join(',')}\n`;

/** The rows of a metrics.csv; none where the file is not there. A last line that a kill cut short is left out. */
export function readMetrics(file: string): EpochMetrics[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').slice(1, -1).map(parseLine);
}

function parseLine(text: string): EpochMetrics {
  const cells = text.split(',');
  const cell = (column: (typeof columns)[number]) => cells[columns.indexOf(column)] ?? '';
  const number = (column: (typeof columns)[number]) => Number(cell(column));
  const optional = (column: (typeof columns)[number]) => (cell(column) === '' ? null : number(column));
  return {
    step: number('step'),
    epoch: number('epoch'),
    trainLoss: number('trainLoss'),
    validationLoss: optional('validationLoss'),
    validationRmse: optional('validationRmse'),
    learningRate: number('learningRate'),
    gradientNorm: number('gradientNorm'),
    seconds: number('seconds'),
  };
}

/** Adds rows to a run's metrics.csv, each whole or not at all. */
export class MetricsLog {
  private readonly descriptor: number;
  private size: number;

  /** Keeps the rows of the first `epochs` epochs; a resumed run writes the later ones anew. */
  constructor(
    private readonly file: string,
    epochs: number,
  ) {
    const kept = readMetrics(file).filter(({ epoch }) => epoch <= epochs);
    writeAtomic(file, header + kept.map(line).join(''));
    this.descriptor = onDisk(file, () => openSync(file, 'r+'));
    this.size = fstatSync(this.descriptor).size;
  }

  append(row: EpochMetrics): void {
    const bytes = Buffer.from(line(row));
    onDisk(this.file, () => {
      try {
        writeAll(this.descriptor, bytes, this.size);
      } catch (error) {
        ftruncateSync(this.descriptor, this.size);
        throw error;
      }
    });
    this.size += bytes.length;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
