import assert from 'node:assert/strict';
import { exportModel } from '../../../extension/core/model/exportModel';
import { initialParameters } from '../../../extension/core/model/parameters';
import { floats, toNumbers } from '../../../extension/core/tensor';
import { zeroStates } from '../../support/exported';
import { run } from '../../support/session';
import { variants } from '../../support/variants';

describe('model: a sequence without a step, which only fills a batch', () => {
  for (const [name, spec] of Object.entries(variants)) {
    if (!spec.masked || spec.input.kind !== 'values') continue;
    const { features } = spec.input;
    it(`is answered by numbers: ${name}`, async () => {
      const bytes = exportModel(spec, initialParameters(spec, 1), {});
      const mask = Array.from({ length: 2 * spec.steps }, (_, at) => (at < spec.steps ? 1 : 0));
      const outputs = await run(bytes, {
        window: floats('float32', [2, spec.steps, features], new Float32Array(2 * spec.steps * features).fill(0.5)),
        mask: floats('float32', [2, spec.steps], mask),
        ...zeroStates(bytes, 2),
      });
      for (const [output, tensor] of Object.entries(outputs)) {
        assert.ok(toNumbers(tensor).every(Number.isFinite), `${output} is ${toNumbers(tensor).join()}`);
      }
    });
  }
});
