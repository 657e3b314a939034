import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newFolder, removeFolders, writeSeries } from '../runtime/sampleData';
import { unroll } from './runCli';

/** Makes every thread of a process see a disk that takes so many bytes and no more. */
function diskOf(bytes: number): NodeJS.ProcessEnv {
  const hook = path.join(newFolder(), 'fullDisk.cjs');
  writeFileSync(
    hook,
    `const fs = require('node:fs');
    const { writeSync } = fs;
    let room = ${bytes};
    fs.writeSync = (file, data, ...rest) => {
      if (file > 2 && (room -= data.length) < 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      return writeSync(file, data, ...rest);
    };`,
  );
  return { NODE_OPTIONS: `--require ${hook}` };
}

const command = ['train', 'series.csv', '--target', 'value', '--hidden', '4', '--lookback', '6', '--epochs', '30'];
const isFull = /^unroll: The disk is full, so .+ could not be written; free some space and try again\.$/m;

describe('cli: a full disk', () => {
  after(removeFolders);

  it('is said before a run stands, and nothing is left', async () => {
    const root = newFolder();
    writeSeries(root);
    const { status, stderr } = await unroll(root, command, () => {}, diskOf(300));
    assert.equal(status, 1);
    assert.match(stderr, isFull);
    assert.deepEqual(readdirSync(root), ['series.csv']);
  });

  it('ends a training with a run that can be resumed and no half-written file', async () => {
    const root = newFolder();
    writeSeries(root);
    // Each thread has such a disk of its own: enough to begin, too little to end.
    const { status, stderr } = await unroll(root, command, () => {}, diskOf(6500));
    assert.equal(status, 1);
    assert.match(stderr, isFull);
    const runs = path.join(root, '.unroll', 'runs');
    const [name = ''] = readdirSync(runs);
    const left = readdirSync(path.join(runs, name)).sort();
    assert.deepEqual(left, ['checkpoint', 'experiment.json', 'failure.json', 'lags.jsonl', 'metrics.csv']);
    assert.deepEqual(readdirSync(path.join(runs, name, 'checkpoint')), []);
    const resumed = await unroll(root, ['resume', name, '--json']);
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.equal(resumed.events.at(-1)?.['event'], 'done');
    assert.ok(!readdirSync(path.join(runs, name)).includes('failure.json'));
  });
});
