import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { newFolder, removeFolders, writeSeries } from '../runtime/sampleData';
import { unroll } from './runCli';

const wrong: readonly (readonly string[])[] = [
  [],
  ['fly'],
  ['train'],
  ['train', 'a.csv', 'b.csv'],
  ['train', 'series.csv', '--colour', 'red'],
  ['train', 'series.csv', '--bidirectional=2'],
  ['train', 'series.csv', '--hidden'],
  ['train', 'series.csv', '--hidden', '0'],
  ['train', 'series.csv', '--hidden', '1.5'],
  ['train', 'series.csv', '--lr', '-1'],
  ['train', 'series.csv', '--seed', 'x'],
  ['train', 'series.csv', '--cell', 'elman'],
  ['train', 'series.csv', '--task', 'guess'],
  ['train', 'series.csv', '--dropout', '1.5'],
  ['train', 'series.csv', '--provider', 'tpu'],
  ['predict', 'x'],
  ['trace', 'x.onnx'],
  ['trace', 'x.onnx', '--inputs', 'x.json', '--set', '0:h:0:0'],
  ['trace', 'x.onnx', '--inputs', 'x.json', '--integrated', '0'],
  ['runs', 'nowhere'],
  ['devices', 'cuda'],
  ['setup-cuda', 'now'],
  ['generate', 'run', '--length', '1.5'],
  ['generate', 'run', '--top-k', '2.5'],
  ['generate', 'run', '--seed', '-1'],
  ['generate', 'run', '--temperature', 'hot'],
];

describe('cli: usage', () => {
  after(removeFolders);

  it('answers what makes no sense with one sentence and status 2', async () => {
    const root = newFolder();
    writeSeries(root);
    for (const args of wrong) {
      const { status, stdout, stderr } = await unroll(root, args);
      assert.equal(status, 2, `${args.join(' ')}: ${stderr}`);
      assert.equal(stdout, '');
      assert.match(stderr, /^unroll: .+[.]\n$/, args.join(' '));
    }
    assert.deepEqual(readdirSync(root), ['series.csv']);
  });

  it('helps with every verb', async () => {
    const { status, stdout } = await unroll(newFolder(), ['--help']);
    assert.equal(status, 0);
    const verbs = [...stdout.matchAll(/^ {2}unroll ([\w-]+)/gm)].map(([, verb = '']) => verb);
    assert.deepEqual(verbs, [
      'train',
      'resume',
      'backtest',
      'predict',
      'generate',
      'describe',
      'trace',
      'doctor',
      'runs',
      'devices',
      'setup-cuda',
    ]);
    for (const verb of verbs) {
      const help = await unroll('.', [verb, '--help']);
      assert.equal(help.status, 0);
      assert.match(help.stdout, new RegExp(`^unroll ${verb}[ \n]`));
      assert.match(help.stdout, /--help/);
    }
  });
});
