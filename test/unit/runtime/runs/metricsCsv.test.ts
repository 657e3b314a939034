import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { EpochMetrics } from '../../../../extension/protocol/run';
import { MetricsLog, readMetrics } from '../../../../extension/runtime/runs/metricsCsv';
import { newFolder, removeFolders } from '../sampleData';

const row = (epoch: number): EpochMetrics => ({
  epoch,
  step: epoch * 10,
  trainLoss: 1 / (epoch * 3),
  validationLoss: epoch === 2 ? null : 0.1 * epoch,
  validation: epoch === 2 ? null : { mae: 1 / 7, rmse: 12.5 },
  learningRate: 0.001,
  gradientNorm: 1e-9,
  seconds: 0.25 * epoch,
});

function write(file: string, kept: number, epochs: readonly number[]): void {
  const log = new MetricsLog(file, kept);
  for (const epoch of epochs) log.append(row(epoch));
  log.close();
}

describe('runs/metricsCsv', () => {
  after(removeFolders);

  it('gives back every number as it was', () => {
    const file = path.join(newFolder(), 'metrics.csv');
    assert.deepEqual(readMetrics(file), []);
    write(file, 0, [1, 2, 3]);
    assert.deepEqual(readMetrics(file), [row(1), row(2), row(3)]);
    assert.match(
      readFileSync(file, 'utf8'),
      /^step,epoch,trainLoss,validationLoss,validation_mae,validation_rmse,learningRate,/,
    );
  });

  it('keeps the rows up to a checkpoint and goes on after them', () => {
    const file = path.join(newFolder(), 'metrics.csv');
    write(file, 0, [1, 2, 3, 4]);
    write(file, 2, [3]);
    assert.deepEqual(readMetrics(file), [row(1), row(2), row(3)]);
  });

  it('leaves out a line that a kill cut short', () => {
    const file = path.join(newFolder(), 'metrics.csv');
    write(file, 0, [1]);
    appendFileSync(file, '20,2,0.5');
    assert.deepEqual(readMetrics(file), [row(1)]);
    write(file, 1, [2]);
    assert.deepEqual(readMetrics(file), [row(1), row(2)]);
  });
});
