import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import type { EpochMetrics, Metrics } from '../../protocol/run';
import { onDisk, writeAll, writeAtomic } from './storage';

type Row = Readonly<Record<string, number | null>>;

// Between the losses and these stands a column for every metric of the task.
const first = ['step', 'epoch', 'trainLoss', 'validationLoss'] as const satisfies readonly (keyof EpochMetrics)[];
const last = ['learningRate', 'gradientNorm', 'seconds'] as const satisfies readonly (keyof EpochMetrics)[];
const prefix = 'validation_';

function rowOf({ validation, lags, ...row }: EpochMetrics): Row {
  const metrics = Object.entries(validation ?? {}).map(([name, value]) => [`${prefix}${name}`, value] as const);
  return { ...row, ...Object.fromEntries(metrics) };
}

const columnsOf = ({ validation }: EpochMetrics): string[] => [
  ...first,
  ...Object.keys(validation ?? {}).map((name) => `${prefix}${name}`),
  ...last,
];

const line = (columns: readonly string[], row: Row) => `${columns.map((column) => row[column] ?? '').join(',')}\n`;

/** The rows of a metrics.csv; none where the file is not there. A last line that a kill cut short is left out. */
export function readMetrics(file: string): EpochMetrics[] {
  return readTable(file).rows;
}

function readTable(file: string): { readonly columns: readonly string[]; readonly rows: EpochMetrics[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return { columns: [], rows: [] };
  }
  const [header = '', ...lines] = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  const columns = header === '' ? [] : header.split(',');
  return { columns, rows: lines.map((cells) => parseLine(columns, cells.split(','))) };
}

function parseLine(columns: readonly string[], cells: readonly string[]): EpochMetrics {
  const optional = (column: string) => {
    const cell = cells[columns.indexOf(column)] ?? '';
    return cell === '' ? null : Number(cell);
  };
  const number = (column: (typeof first | typeof last)[number]) => optional(column) ?? 0;
  const metrics: Record<string, number> = {};
  for (const column of columns) {
    const value = column.startsWith(prefix) ? optional(column) : null;
    if (value !== null) metrics[column.slice(prefix.length)] = value;
  }
  const validation: Metrics | null = Object.keys(metrics).length === 0 ? null : metrics;
  return {
    step: number('step'),
    epoch: number('epoch'),
    trainLoss: number('trainLoss'),
    validationLoss: optional('validationLoss'),
    validation,
    learningRate: number('learningRate'),
    gradientNorm: number('gradientNorm'),
    seconds: number('seconds'),
  };
}

/** Adds rows to a run's metrics.csv, each whole or not at all. The first row decides the columns. */
export class MetricsLog {
  private readonly descriptor: number;
  private columns: readonly string[];
  private size: number;

  /** Keeps the rows of the first `epochs` epochs; a resumed run writes the later ones anew. */
  constructor(
    private readonly file: string,
    epochs: number,
  ) {
    const { columns, rows } = readTable(file);
    this.columns = columns;
    const kept = rows.filter(({ epoch }) => epoch <= epochs);
    const header = columns.length === 0 ? '' : `${columns.join(',')}\n`;
    writeAtomic(file, header + kept.map((row) => line(columns, rowOf(row))).join(''));
    this.descriptor = onDisk(file, () => openSync(file, 'r+'));
    this.size = fstatSync(this.descriptor).size;
  }

  append(row: EpochMetrics): void {
    if (this.columns.length === 0) {
      this.columns = columnsOf(row);
      this.write(`${this.columns.join(',')}\n`);
    }
    this.write(line(this.columns, rowOf(row)));
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private write(text: string): void {
    const bytes = Buffer.from(text);
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
}
