import assert from 'node:assert/strict';
import path from 'node:path';
import { tryProvider } from '../../../../extension/runtime/device/tryProvider';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('device/tryProvider', () => {
  const folder = temporaryFolder();
  let count = 0;
  const script = (code: string) => folder.write(`script${count++}.js`, code);

  it('runs a training step on the CPU in a process of its own', async () => {
    const trial = await tryProvider('cpu', path.resolve('dist', 'providerProbe.js'));
    assert.equal(trial.kind, 'ran', JSON.stringify(trial));
  });

  it('hears why a provider does not work', async () => {
    const trial = await tryProvider('cuda', path.resolve('dist', 'providerProbe.js'));
    if (trial.kind === 'ran') return;
    assert.equal(trial.kind, 'refused', JSON.stringify(trial));
    assert.match(`${trial.log}`, /libonnxruntime_providers|CUDA|backend/i);
  });

  it('finds the answer among what libraries print', async () => {
    const noisy = script(
      `console.log('hello'); console.error('why'); console.log('{"kind":"unused"}'); console.log('{}')`,
    );
    assert.deepEqual(await tryProvider('dml', noisy), { kind: 'unused', log: 'why\n' });
  });

  it('outlives a provider that crashes', async () => {
    const crash = script(`console.error('before'); process.kill(process.pid, 'SIGSEGV'); setTimeout(() => {}, 9e4)`);
    assert.deepEqual(await tryProvider('cuda', crash), { kind: 'died', how: 'SIGSEGV', log: 'before\n' });
    assert.deepEqual(await tryProvider('cuda', script(`process.exit(7)`)), {
      kind: 'died',
      how: 'exit status 7',
      log: '',
    });
  });

  it('gives up a provider that hangs', async () => {
    const hangs = script(`setInterval(() => {}, 1000)`);
    assert.deepEqual(await tryProvider('webgpu', hangs, 300), { kind: 'died', how: 'no answer', log: '' });
  });

  it('does not take a crash after the answer for a failure', async () => {
    const late = script(`process.stdout.write('{"kind":"ran"}\\n', () => process.kill(process.pid, 'SIGABRT'))`);
    assert.deepEqual(await tryProvider('cuda', late), { kind: 'ran', log: '' });
  });
});
