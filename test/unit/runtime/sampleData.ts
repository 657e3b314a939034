import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { propose } from '../../../extension/data/choices/propose';
import { loadData } from '../../../extension/data/load';
import type { ForecastData } from '../../../extension/data/prepared';
import type { Draft, Experiment } from '../../../extension/protocol/experiment';

/** The bundled product: mocha runs in the repository's root. */
export const distFolder = path.resolve('dist');
export const workerFile = path.join(distFolder, 'trainingWorker.js');

/** A folder of its own for one test; taken away by {@link removeFolders}. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'unroll-')));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

/** To be called after the tests of a suite. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Writes a month-by-month series with a trend and a season of 12; the same every time. */
export function writeSeries(folder: string, name = 'series.csv', rows = 120): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const month = `${2000 + Math.floor(row / 12)}-${String((row % 12) + 1).padStart(2, '0')}-01`;
    const value = 50 + 0.3 * row + 10 * Math.sin((2 * Math.PI * row) / 12) + ((row * 7919) % 13) / 6;
    return `${month},${value.toFixed(3)},${((row * 31) % 17) - 8}`;
  });
  const file = path.join(folder, name);
  writeFileSync(file, `month,value,other\n${lines.join('\n')}\n`);
  return file;
}

/** A small experiment on {@link writeSeries}' file in `folder`; quick, and its numbers depend on its seed alone. */
export async function smallExperiment(folder: string, changes: Partial<Draft> = {}): Promise<Experiment> {
  writeSeries(folder);
  const draft: Draft = {
    name: 'small',
    data: { path: 'series.csv', target: 'value', time: 'month', lookback: 6, season: 12 },
    model: { layers: [{ cell: 'gru', hidden: 6 }] },
    training: { epochs: 8, batch: 8, seed: 3 },
    device: { provider: 'cpu', threads: 1 },
    ...changes,
  };
  return (await propose(folder, draft)).experiment;
}

/** The data of an experiment that forecasts. */
export async function forecastData(folder: string, experiment: Experiment): Promise<ForecastData> {
  const data = await loadData(folder, experiment);
  if (data.task !== 'forecast') throw new Error('not a forecast');
  return data;
}
