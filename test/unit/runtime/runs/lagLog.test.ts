import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EpochMetrics, LagNorms } from '../../../../extension/protocol/run';
import { LagLog, readLags, withLags } from '../../../../extension/runtime/runs/lagLog';
import { newFolder, removeFolders } from '../sampleData';

const lagsOf = (epoch: number): LagNorms[] => [
  { layer: 0, direction: 'forward', state: 'h', reach: 2, norms: [1 / epoch, 1e-9, 0] },
];
const line = (epoch: number) => ({ epoch, lags: lagsOf(epoch) });

describe('runs/lagLog', () => {
  after(removeFolders);

  it('keeps what was measured, and makes no file before there is something', () => {
    const file = path.join(newFolder(), 'lags.jsonl');
    const log = new LagLog(file, 0);
    assert.ok(!existsSync(file));
    for (const epoch of [1, 4]) log.append(epoch, lagsOf(epoch));
    assert.deepEqual(readLags(file), [line(1), line(4)]);
    const rows = [1, 2, 3, 4].map((epoch) => ({ epoch }) as EpochMetrics);
    assert.deepEqual(
      withLags(rows, readLags(file)).map(({ lags }) => lags?.[0]?.norms[0]),
      [1, undefined, undefined, 0.25],
    );
  });

  it('goes on after the epochs that a checkpoint has', () => {
    const file = path.join(newFolder(), 'lags.jsonl');
    const log = new LagLog(file, 0);
    for (const epoch of [1, 4, 6]) log.append(epoch, lagsOf(epoch));
    const resumed = new LagLog(file, 4);
    resumed.append(5, lagsOf(5));
    assert.deepEqual(
      readLags(file).map(({ epoch }) => epoch),
      [1, 4, 5],
    );
  });

  it('stays small however much is measured, and keeps the first and the last', () => {
    const file = path.join(newFolder(), 'lags.jsonl');
    const log = new LagLog(file, 0);
    for (let epoch = 1; epoch <= 1200; epoch++) {
      log.append(epoch, lagsOf(epoch));
      if (epoch % 100 === 0) assert.ok(readLags(file).length <= 512);
    }
    const epochs = readLags(file).map(({ epoch }) => epoch);
    assert.deepEqual([epochs[0], epochs.at(-1)], [1, 1200]);
    assert.deepEqual(
      [...epochs].sort((a, b) => a - b),
      epochs,
    );
    assert.ok(epochs.length > 200);
  });

  it('leaves out what a kill cut short and what is no such line', () => {
    const file = path.join(newFolder(), 'lags.jsonl');
    const log = new LagLog(file, 0);
    log.append(1, lagsOf(1));
    appendFileSync(
      file,
      '{"epoch":2,"lags":[{"layer":0,"direction":"sideways"}]}\n{"__proto__":{"epoch":3}}\n[]\n{"epoch":4,"la',
    );
    assert.deepEqual(readLags(file), [line(1)]);
    new LagLog(file, 1).append(2, lagsOf(2));
    assert.deepEqual(readLags(file), [line(1), line(2)]);
    assert.equal(readFileSync(file, 'utf8').split('\n').length, 3);
    const norms = JSON.stringify(Array.from({ length: 65 }, () => 1));
    writeFileSync(
      file,
      `{"epoch":1,"lags":[{"layer":0,"direction":"forward","state":"h","reach":1,"norms":${norms}}]}\n`,
    );
    assert.deepEqual(readLags(file), []);
  });

  it('reads no file of a size that no run writes', () => {
    const file = path.join(newFolder(), 'lags.jsonl');
    new LagLog(file, 0).append(1, lagsOf(1));
    truncateSync(file, 65e6);
    assert.deepEqual(readLags(file), []);
  });
});
