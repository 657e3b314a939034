import assert from 'node:assert/strict';
import { Output } from '../../../extension/cli/output';
import { UnrollError } from '../../../extension/protocol/errors';
import type { EpochMetrics } from '../../../extension/protocol/run';

const metrics = (epoch: number): EpochMetrics => ({
  epoch,
  step: 10 * epoch,
  trainLoss: 0.5,
  validationLoss: 0.25,
  validation: { mae: 9, rmse: 12.345 },
  learningRate: 0.01,
  gradientNorm: 1,
  seconds: 1,
});

function streams(json: boolean, isTTY: boolean, columns = 120) {
  const written = { out: '', err: '' };
  const sink = (name: 'out' | 'err') => ({
    isTTY,
    columns,
    write: (text: string) => {
      written[name] += text;
    },
  });
  return { written, output: new Output(sink('out'), sink('err'), json) };
}

describe('cli/output', () => {
  it('draws a bar that fits the terminal, and takes it away for what follows', () => {
    const { written, output } = streams(false, true);
    const narrow = streams(false, true, 40);
    output.progress({ epoch: 3, epochs: 4, step: 5, steps: 10, secondsLeft: 65 }, metrics(2));
    assert.ok(written.err.startsWith('\r\x1b[K['));
    const [, bar = '', text = ''] = /\[([#.]+)\] (.*)$/.exec(written.err) ?? [];
    assert.equal(bar.replaceAll('.', '').length, Math.round(bar.length * 0.625));
    assert.match(text, /^epoch 3\/4 {2}loss 0\.5000 {2}validation 0\.2500 {2}RMSE 12\.35 {2}1 min 05 s left$/);
    narrow.output.progress({ epoch: 3, epochs: 4, step: 5, steps: 10, secondsLeft: 65 }, metrics(2));
    assert.equal(narrow.written.err.length, '\r\x1b[K'.length + 39);
    output.epoch(metrics(3), 4);
    written.err = '';
    output.print('result');
    assert.deepEqual(written, { out: 'result\n', err: '\r\x1b[K' });
  });

  it('writes plain lines where nobody sees a bar, the last epoch always among them', () => {
    const { written, output } = streams(false, false);
    output.progress({ epoch: 1, epochs: 3, step: 1, steps: 2, secondsLeft: null }, null);
    for (const epoch of [1, 2, 3]) output.epoch(metrics(epoch), 3);
    assert.deepEqual(written.err.match(/epoch \d\/3/g), ['epoch 1/3', 'epoch 3/3']);
    assert.equal(written.out, '');
  });

  it('prints nothing but JSON for a program', () => {
    const { written, output } = streams(true, true);
    output.epoch(metrics(1), 2);
    output.progress({ epoch: 1, epochs: 3, step: 1, steps: 2, secondsLeft: null }, null);
    output.note('for people');
    output.print('for people');
    assert.deepEqual(JSON.parse(written.out), { event: 'epoch', ...metrics(1) });
    assert.equal(written.err, '');
    const { code, text } = new UnrollError('data', 'No {0}.', 'luck');
    output.failure({ code, text, stack: null });
    const [, last = ''] = written.out.split('\n');
    assert.deepEqual(JSON.parse(last), { event: 'error', code: 'data', message: 'No luck.' });
    assert.equal(written.err, 'unroll: No luck.\n');
  });
});
