import { nameOf, type Row } from './rows';

/** A measured row, as `--json` prints it: milliseconds of one step, null where a peer is missing or cannot run the row. */
export interface Result extends Row {
  readonly oursMs: number;
  readonly torchMs: number | null;
  readonly tfjsMs: number | null;
  readonly brainMs: number | null;
}

const peers = [
  { key: 'torchMs', title: 'torch', digits: 2 },
  { key: 'tfjsMs', title: 'tfjs', digits: 1 },
  { key: 'brainMs', title: 'brain', digits: 0 },
] as const;

/** (Π values)^(1/n); NaN of none. */
export const geometricMean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

export const tableHead =
  'cell   T   B   I    H  threads    ours ms   torch ms    tfjs ms    brain ms  torch/ours  tfjs/ours  brain/ours  of GEMM rate';

/** A row for a person; `fraction` is the part of the rate of its matrix products that the step reaches. */
export function tableRow(result: Result, fraction: number): string {
  const { cell, T, B, I, H, threads, oursMs, torchMs, tfjsMs, brainMs } = result;
  const number = (value: number | null, digits: number, width: number) =>
    (value?.toFixed(digits) ?? 'missing').padStart(width);
  return [
    cell.padEnd(4),
    `${T}`.padStart(3),
    `${B}`.padStart(3),
    `${I}`.padStart(3),
    `${H}`.padStart(4),
    `${threads}`.padStart(8),
    number(oursMs, 2, 10),
    number(torchMs, 2, 10),
    number(tfjsMs, 1, 10),
    number(brainMs, 0, 11),
    ...peers.map(({ key, digits }, i) => number(ratio(result, key), digits, i === 0 ? 11 : 10 + Number(i === 2))),
    `${(100 * fraction).toFixed(0)} %`.padStart(13),
  ].join(' ');
}

/** What the rows come to, a line a peer: geometric mean and lowest row of the peer's time over ours. */
export function summaryLines(results: readonly Result[]): readonly string[] {
  return peers.map(({ key, title, digits }) => {
    const rows = results.flatMap((result) => {
      const value = ratio(result, key);
      return value === null ? [] : [{ result, value }];
    });
    const least = rows.reduce<(typeof rows)[number] | null>((a, b) => (a !== null && a.value <= b.value ? a : b), null);
    if (least === null) return `${title}/ours: no row measured.`;
    const mean = geometricMean(rows.map(({ value }) => value)).toFixed(digits);
    const { result, value } = least;
    const missing = results.length - rows.length;
    return `${title}/ours: geometric mean ${mean} over ${rows.length} rows${missing > 0 ? `, ${missing} missing` : ''}; lowest ${value.toFixed(digits)} (${nameOf(result)}, threads ${result.threads}).`;
  });
}

function ratio(result: Result, key: (typeof peers)[number]['key']): number | null {
  const ms = result[key];
  return ms === null ? null : ms / result.oursMs;
}
