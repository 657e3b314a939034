import assert from 'node:assert/strict';
import { modelSpec } from '../../../../extension/core/model/spec';
import { experimentOn } from '../../../support/experiments';

describe('core/model/possible', () => {
  it('refuses to learn transcripts in stretches', () => {
    const { training, ...rest } = experimentOn({ series: 'id' });
    const loss = { ...training.loss, name: 'ctc' as const };
    const shape = {
      steps: 12,
      input: { kind: 'values' as const, features: 1 },
      targets: 3,
      longest: 4,
      masked: false,
      classCounts: null,
    };
    const spec = (truncate: number | null) =>
      modelSpec({ ...rest, task: 'transcribe', training: { ...training, loss, truncate } }, shape);
    assert.equal(spec(null).stateful, false);
    assert.throws(() => spec(4), { code: 'experiment', message: /training\.truncate/ });
  });
});
