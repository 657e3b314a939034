import assert from 'node:assert/strict';
import path from 'node:path';
import { type Reference, readReference, referenceNames } from '../../parity/referenceCase';
import { replay } from '../../parity/replay';

const folder = path.resolve('test/fixtures/train');
const names = referenceNames(folder);

/** A case with one thing changed. */
const changed = (change: (reference: Reference) => void): Reference => {
  const reference = readReference(folder, 'gru1_forecast_adam_clip');
  change(reference);
  return reference;
};

describe("training, beside PyTorch's", () => {
  it('has runs of PyTorch to follow', () => assert.ok(names.length >= 20));

  for (const name of names) {
    it(name, async () => assert.deepEqual((await replay(readReference(folder, name))).failures, []));
  }

  it('notices a wrong gradient, loss, norm or weight', async () => {
    const { failures } = await replay(
      changed(({ loss, gradients_step1_before_clip, grad_norm_before_clip, final_weights }) => {
        loss[1] = (loss[1] ?? 0) * 1.0001;
        if (grad_norm_before_clip?.[2]) grad_norm_before_clip[2] *= 1.001;
        for (const weights of [gradients_step1_before_clip, final_weights]) {
          const data = weights['rec.weight_hh_l0']?.data ?? [];
          data[3] = (data[3] ?? 0) + 0.001;
        }
      }),
    );
    assert.deepEqual(failures.map((failure) => failure.slice(0, failure.indexOf(':'))).sort(), [
      'final weights',
      'gradient norms',
      'losses',
      'step-1 gradients',
    ]);
  });

  it('notices a learning rate that is not the one', async () => {
    const { failures } = await replay(changed(({ config }) => (config.optimizer.lr = 0.02)));
    assert.ok(failures.some((failure) => failure.startsWith('final weights')));
  });

  const refused: readonly (readonly [what: string, change: (config: Reference['config']) => void, sentence: RegExp])[] =
    [
      ['a cell that PyTorch does not have', (config) => (config.cell = 'QRNN'), /no cell "QRNN"/],
      ['projections', (config) => (config['proj_size'] = 2), /proj_size/],
      ['dropout', (config) => (config['dropout'] = 0.5), /dropout/],
      ['an unknown rule', (config) => (config.optimizer.name = 'lion'), /update rule "lion"/],
      ['AMSGrad', (config) => (config.optimizer['amsgrad'] = true), /"amsgrad"/],
      ['an unknown loss', (config) => (config.loss = 'hinge'), /loss "hinge"/],
    ];
  for (const [what, change, sentence] of refused) {
    it(`refuses ${what} in one sentence`, async () => {
      await assert.rejects(async () => replay(changed(({ config }) => void change(config))), sentence);
    });
  }
});
