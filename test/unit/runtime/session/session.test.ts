import assert from 'node:assert/strict';
import { probeGraph } from '../../../../extension/runtime/device/probeGraph';
import { loadError } from '../../../../extension/runtime/session/onnxruntime';
import { type Device, openSession, withSession } from '../../../../extension/runtime/session/session';

const cpu: Device = { provider: 'cpu', threads: 1 };

describe('session/session', () => {
  it('says what onnxruntime says of a model that is none', async () => {
    await assert.rejects(openSession(Uint8Array.of(1, 2, 3), cpu), {
      code: 'model',
      message: /cannot load this model/,
    });
  });

  it('says which input is missing', async () => {
    await withSession(probeGraph().model, cpu, async (session) => {
      await assert.rejects(session.run({}), { code: 'model', message: /missing/ });
    });
  });
});

describe('session/onnxruntime', () => {
  it('names the missing runtime where the native library does not load', () => {
    const windows = loadError(new Error('The specified module could not be found.\nmore'), 'win32', 'x64');
    assert.match(windows.message, /Visual C\+\+ Redistributable.*x64/);
    assert.doesNotMatch(windows.message, /more/);
    assert.match(loadError(new Error('no file'), 'linux', 'riscv64').message, /linux riscv64.*no file/);
  });
});
