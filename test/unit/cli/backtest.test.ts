import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readBacktest } from '../../../extension/runtime/backtest/file';
import { newFolder, removeFolders, writeSeries } from '../runtime/sampleData';
import { unroll } from './runCli';

describe('cli/backtest', () => {
  after(removeFolders);

  it('trains an experiment file, then from earlier origins, and does not do again what is done', async () => {
    const root = newFolder();
    writeSeries(root);
    const experiment = {
      data: { path: 'series.csv', target: 'value', time: 'month', lookback: 6 },
      model: { layers: [{ cell: 'gru', hidden: 4 }] },
      training: { epochs: 3 },
      device: { provider: 'cpu' },
    };
    writeFileSync(path.join(root, 'small.json'), JSON.stringify(experiment));
    const first = await unroll(root, ['backtest', 'small.json', '--origins', '2', '--json']);
    assert.equal(first.status, 0, first.stderr);
    const done = first.events.at(-1) ?? {};
    assert.equal(done['event'], 'done');
    const run = String(done['run']);
    assert.deepEqual(done['origins'], readBacktest(run));
    assert.equal(readBacktest(run).length, 2);
    const again = await unroll(root, ['backtest', path.basename(run), '--origins', '2']);
    assert.equal(again.status, 0, again.stderr);
    assert.doesNotMatch(again.stderr, /epoch/);
    const lines = again.stdout.trim().split('\n');
    assert.match(lines[0] ?? '', /^RMSE by origin +this model +last value/);
    assert.match(lines[1] ?? '', /^this run/);
    assert.match(lines[2] ?? '', /^1 before, from 200\d-/);
    assert.match(lines[4] ?? '', /^mean /);
    assert.match(lines[5] ?? '', /^standard deviation /);
  });

  it('says what it cannot backtest', async () => {
    const root = newFolder();
    writeSeries(root);
    const { status, stderr } = await unroll(root, ['backtest', 'series.csv']);
    assert.equal(status, 1);
    assert.match(stderr, /There is no run at/);
  });
});
