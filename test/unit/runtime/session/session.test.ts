import assert from 'node:assert/strict';
import { buildEvaluationGraph } from '../../../../extension/core/model/evaluationGraph';
import type { ForecasterSpec } from '../../../../extension/core/model/spec';
import { loadError } from '../../../../extension/runtime/session/onnxruntime';
import { chooseProvider, probe, workingProviders } from '../../../../extension/runtime/session/provider';
import { type Device, openSession, withSession } from '../../../../extension/runtime/session/session';

const cpu: Device = { provider: 'cpu', threads: 1 };
const spec: ForecasterSpec = {
  features: 2,
  lookback: 5,
  horizon: 2,
  layers: [
    { cell: 'lstm', hidden: 4 },
    { cell: 'gru', hidden: 3 },
  ],
  anchor: 'last',
};

describe('session/session', () => {
  it('says what onnxruntime says of a model that is none', async () => {
    await assert.rejects(openSession(Uint8Array.of(1, 2, 3), cpu), {
      code: 'model',
      message: /cannot load this model/,
    });
  });

  it('says which input is missing', async () => {
    await withSession(buildEvaluationGraph(spec, 1), cpu, async (session) => {
      await assert.rejects(session.run({}), { code: 'model', message: /missing/ });
    });
  });
});

describe('session/provider', () => {
  it('finds the CPU by running on it, and nothing that does not run', async () => {
    const working = await workingProviders();
    assert.equal(working.at(-1), 'cpu');
    assert.equal(working.includes('cuda'), (await probe('cuda')) === null);
  });

  it('takes what works for auto and never another than was asked for', async () => {
    const works = (await probe('cuda')) === null;
    assert.equal(await chooseProvider('auto'), works ? 'cuda' : 'cpu');
    assert.equal(await chooseProvider('cpu'), 'cpu');
    if (works) assert.equal(await chooseProvider('cuda'), 'cuda');
    else await assert.rejects(chooseProvider('cuda'), { code: 'device', message: /cuda/ });
  });

  it('names the missing runtime where the native library does not load', () => {
    const windows = loadError(new Error('The specified module could not be found.\nmore'), 'win32', 'x64');
    assert.match(windows.message, /Visual C\+\+ Redistributable.*x64/);
    assert.doesNotMatch(windows.message, /more/);
    assert.match(loadError(new Error('no file'), 'linux', 'riscv64').message, /linux riscv64.*no file/);
  });
});
