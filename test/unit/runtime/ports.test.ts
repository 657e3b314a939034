import assert from 'node:assert/strict';
import { MessageChannel, Worker } from 'node:worker_threads';
import { Channel, type Silent } from '../../../extension/protocol/channel';
import { UnrollError } from '../../../extension/protocol/errors';
import { messagePort, workerPort } from '../../../extension/runtime/ports';

interface Echo {
  readonly requests: {
    readonly echo: { readonly params: { readonly value: unknown }; readonly result: unknown };
    readonly fail: { readonly params: Record<never, never>; readonly result: never };
    readonly wait: { readonly params: Record<never, never>; readonly result: never };
  };
  readonly events: Record<never, never>;
}

function echoPair() {
  const { port1, port2 } = new MessageChannel();
  new Channel<Echo, Silent>(messagePort(port1), {
    echo: ({ value }) => value,
    fail: () => {
      throw new UnrollError('data', 'No {0}.', 'luck');
    },
    wait: () => new Promise<never>(() => {}),
  });
  return { asking: new Channel<Silent, Echo>(messagePort(port2), {}), port1 };
}

describe('runtime/ports', () => {
  it('carries values, typed arrays included, and what was thrown', async () => {
    const { asking, port1 } = echoPair();
    const value = { a: [1, null], f: Float32Array.of(1, 2) };
    assert.deepEqual(await asking.request('echo', { value }), value);
    await assert.rejects(asking.request('fail', {}), { code: 'data', message: 'No luck.' });
    await assert.rejects(asking.request('echo', { value: () => {} }), { code: 'internal' });
    port1.close();
  });

  it('settles what is pending when the other end closes', async () => {
    const { asking, port1 } = echoPair();
    const pending = asking.request('wait', {});
    port1.close();
    await assert.rejects(pending, { code: 'closed' });
    await assert.rejects(asking.request('echo', { value: 1 }), { code: 'closed' });
  });

  it('closes with the reason when a worker dies', async () => {
    const worker = new Worker("throw new Error('it broke')", { eval: true });
    const channel = new Channel<Silent, Echo>(workerPort(worker), {});
    const why = new Promise<string>((resolve) => channel.onClose(resolve));
    await assert.rejects(channel.request('wait', {}), { code: 'closed' });
    assert.match(await why, /it broke/);
  });
});
