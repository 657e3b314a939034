import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { listSupportedBackends } from 'onnxruntime-node';
import { type DeviceState, providers, providerWishes } from '../../../../extension/protocol/devices';
import { experimentSchema } from '../../../../extension/protocol/experiment';
import { format } from '../../../../extension/protocol/messages';
import {
  chooseProvider,
  devices,
  forgetTrials,
  listedProviders,
  problemOf,
} from '../../../../extension/runtime/session/provider';

const script = path.resolve('dist', 'providerProbe.js');

describe('session/provider', () => {
  let states: readonly DeviceState[] = [];

  before(async () => {
    forgetTrials();
    states = await devices(script);
  });
  after(forgetTrials);

  it('lists what onnxruntime lists, and knows it all', async () => {
    const listed = listSupportedBackends().map(({ name }) => name);
    assert.deepEqual([...(await listedProviders())].sort(), [...listed].sort());
    assert.deepEqual(
      states.map(({ provider }) => provider),
      await listedProviders(),
    );
  });

  it('finds that the CPU works, and says of what does not why', () => {
    assert.deepEqual(states[0], { provider: 'cpu', problem: null });
    for (const { provider, problem } of states) {
      if (problem !== null) assert.match(format(problem), /^[^\n]{20,}[.]$/, provider);
    }
  });

  it('tries a provider once', async () => {
    const [first, second] = [problemOf('webgpu', script), problemOf('webgpu', script)];
    assert.equal(first, second);
    await first;
  });

  it('takes CUDA for auto, or the CPU and says why', async () => {
    const cuda = await problemOf('cuda', script);
    const { provider, notes } = await chooseProvider('auto');
    if (cuda === null) {
      assert.deepEqual({ provider, notes }, { provider: 'cuda', notes: [] });
    } else {
      assert.equal(provider, 'cpu');
      assert.deepEqual(
        notes.map((note) => format(note)),
        ['Trained on the CPU.', format(cuda)],
      );
    }
  });

  it('never takes another than was asked for', async () => {
    assert.deepEqual(await chooseProvider('cpu'), { provider: 'cpu', notes: [] });
    for (const provider of providers) {
      const problem = await problemOf(provider, script);
      if (problem === null) assert.equal((await chooseProvider(provider)).provider, provider);
      else await assert.rejects(chooseProvider(provider), { code: 'device', message: format(problem) });
    }
  });

  it('can be asked for by the names of one list: in experiments, in the settings', () => {
    const schema = experimentSchema.shape.device.shape.provider;
    assert.deepEqual(schema.options, [...providerWishes]);
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
    const setting = manifest.contributes.configuration.properties['unroll.device.provider'];
    assert.deepEqual(setting.enum, [...providerWishes]);
    assert.equal(setting.enumDescriptions.length, providerWishes.length);
  });
});
