import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readCheckpoint } from '../../../extension/runtime/runs/checkpoint';
import { readState } from '../../../extension/runtime/runs/readRun';
import { newFolder, removeFolders, writeSeries } from '../runtime/sampleData';
import { unroll } from './runCli';

const command = (epochs: number, ...more: string[]) => [
  ...['train', 'series.csv', '--target', 'value', '--cell', 'gru', '--hidden', '8', '--lookback', '12'],
  ...['--seed', '4', '--provider', 'cpu', '--epochs', String(epochs), '--json', ...more],
];

/** Everything that a training keeps from one pass to the next, at once. */
const stateful = [
  ...['--pooling', 'every', '--truncate', '5', '--dropout', '0.2', '--recurrent-dropout', '0.1', '--layers', '2'],
  ...['--accumulate', '3', '--schedule', 'plateau', '--optimizer', 'nadam'],
];

const runIn = (root: string): string => {
  const folder = path.join(root, '.unroll', 'runs');
  const [name = ''] = existsSync(folder) ? readdirSync(folder) : [];
  return path.join(folder, name);
};

/** Sends a signal so long after the first epoch was printed. */
const signalAfter = (signal: NodeJS.Signals, ms: number) => (child: ChildProcess) => {
  child.stdout?.once('data', () => setTimeout(() => child.kill(signal), ms));
};

describe('cli/interruption', function () {
  this.timeout(180_000);
  after(removeFolders);

  for (const [signal, state] of [
    ['SIGINT', 'stopped'],
    ['SIGTERM', 'interrupted'],
  ] as const) {
    it(`ends with 130 and a checkpoint on ${signal}`, async () => {
      const root = newFolder();
      writeSeries(root);
      const outcome = await unroll(root, command(50_000), signalAfter(signal, 50));
      assert.equal(outcome.status, 130, outcome.stderr);
      const dir = runIn(root);
      assert.equal(readState(dir).kind, state);
      assert.ok((readCheckpoint(dir)?.position.step ?? 0) > 0);
      assert.deepEqual(outcome.events.at(-1), { event: 'stopped', run: dir });
      assert.equal(existsSync(path.join(dir, '.lock')), false);
    });
  }

  for (const [name, epochs, options] of [
    ['', 2400, []],
    [', with dropped units, stretches, summed gradients and a plateau', 480, stateful],
  ] as const) {
    it(`goes on after kills at any moment to the weights of a run that was never killed${name}`, () =>
      killed(command(epochs, ...options)));
  }
});

async function killed(args: string[]): Promise<void> {
  const root = newFolder();
  writeSeries(root);
  const whole = await unroll(root, args);
  assert.equal(whole.status, 0, whole.stderr);
  const expected = readFileSync(String(whole.events.at(-1)?.['model']));

  const other = newFolder();
  writeSeries(other);
  const first = await unroll(other, args, signalAfter('SIGKILL', 1200));
  assert.equal(first.status, null);
  const dir = runIn(other);
  assert.equal(readState(dir).kind, 'interrupted');
  // The moments differ from machine to machine and from time to time; the outcome may not.
  for (let attempt = 0; attempt < 3; attempt++) {
    const ms = Math.floor(Math.random() * 1000);
    const outcome = await unroll(other, ['resume', dir, '--json'], signalAfter('SIGKILL', ms));
    if (outcome.status === 0) break;
    assert.equal(outcome.status, null, `${ms} ms: ${outcome.stderr}`);
    readCheckpoint(dir);
  }
  if (readState(dir).kind !== 'done') {
    const last = await unroll(other, ['resume', dir, '--json']);
    assert.equal(last.status, 0, last.stderr);
  }
  assert.ok(readFileSync(path.join(dir, 'model.onnx')).equals(expected));
  const files = [
    'checkpoint',
    'experiment.json',
    'lags.jsonl',
    'metrics.csv',
    'model.onnx',
    'predictions.csv',
    'report.json',
  ];
  assert.deepEqual(readdirSync(dir).sort(), files);
  assert.deepEqual(readdirSync(path.join(dir, 'checkpoint')), ['state.safetensors']);
  const again = await unroll(other, ['resume', path.basename(dir)]);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /is done/);
}
