import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readModel } from '../../../../extension/core/onnx/read';
import type { InputWish } from '../../../../extension/protocol/model';
import { inputRoles } from '../../../../extension/runtime/inspect/inputRoles';
import { inspectOpened } from '../../../../extension/runtime/inspect/openedModel';

const fixture = (name: string) => path.resolve('test/fixtures/onnx', `${name}.onnx`);
const roles = (name: string) =>
  inputRoles(readModel(new Uint8Array(readFileSync(fixture(name)))).graph).map(
    ({ input, kind, steps, batch, tokens }) => [input.name, kind, steps, batch, tokens],
  );
const noise: InputWish = {
  kind: 'noise',
  seed: 3,
  steps: 6,
  batch: 1,
  row: 0,
  standardised: false,
  text: '',
};

describe('what the inputs of a loop are for', () => {
  it('is told from the body of a Scan, whichever axis is scanned', () => {
    assert.deepEqual(roles('scan_lstm_peephole'), [
      ['x', 'values', 1, 0, null],
      ['c_first', 'state', null, 0, null],
      ['h_first', 'state', null, 0, null],
    ]);
    assert.deepEqual(roles('scan_gru_reverse'), [
      ['x', 'values', 0, 1, null],
      ['h_first', 'state', null, 1, null],
    ]);
  });

  it('is told from what the body of a Loop takes by the number of its step', () => {
    assert.deepEqual(roles('loop_rnn_reverse'), [
      ['x', 'values', 0, 1, null],
      ['h0', 'state', null, 1, null],
    ]);
    assert.deepEqual(roles('loop_lstm_tokens'), [['x', 'tokens', 1, 0, 7]]);
    assert.deepEqual(roles('loop_running'), [['x', 'values', 0, null, null]]);
  });

  for (const name of ['loop_gru_before', 'loop_lstm_tokens', 'loop_running', 'scan_two_layers']) {
    it(`makes inputs that ${name} runs with`, async () => {
      const { trace } = await inspectOpened(fixture(name), noise, null);
      assert.equal(trace.trace.steps, 5);
      for (const { difference, signals } of trace.trace.layers) {
        assert.ok(difference < 1e-5, `${difference}`);
        assert.ok(signals.some(({ values }) => values.some((value) => value !== 0)));
      }
    });
  }
});
