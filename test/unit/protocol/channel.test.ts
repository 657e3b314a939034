import assert from 'node:assert/strict';
import { Channel, type Contract, type Handlers, type Port, type Silent } from '../../../extension/protocol/channel';
import { UnrollError } from '../../../extension/protocol/errors';

type Sums = {
  readonly requests: {
    readonly add: { readonly params: readonly number[]; readonly result: number };
    readonly fail: { readonly params: Record<never, never>; readonly result: never };
    readonly wait: { readonly params: Record<never, never>; readonly result: string };
    readonly function: { readonly params: Record<never, never>; readonly result: unknown };
  };
  readonly events: { readonly ticked: number };
};

/** Two ports that clone what they carry, as processes and workers do. */
function pair(): [Port & { close(why: string): void }, Port & { close(why: string): void }] {
  const ends = [0, 1].map(() => ({
    messages: [] as ((data: unknown) => void)[],
    closes: [] as ((why: string) => void)[],
  }));
  const port = (mine: 0 | 1) => ({
    post(data: unknown) {
      const copy = structuredClone(data);
      queueMicrotask(() => {
        for (const listener of ends[1 - mine]?.messages ?? []) listener(copy);
      });
    },
    onMessage: (listener: (data: unknown) => void) => void ends[mine]?.messages.push(listener),
    onClose: (listener: (why: string) => void) => void ends[mine]?.closes.push(listener),
    close(why: string) {
      for (const end of ends) for (const listener of end.closes) listener(why);
    },
  });
  return [port(0), port(1)];
}

function talk(overrides: Partial<Handlers<Sums>> = {}) {
  const [near, far] = pair();
  const aborted: string[] = [];
  const server = new Channel<Sums, Silent>(far, {
    add: (numbers) => numbers.reduce((sum, n) => sum + n, 0),
    fail: () => {
      throw new UnrollError('data', '{0} has no rows; choose another file.', 'a.csv');
    },
    wait: (_params, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted.push('wait');
          resolve('too late');
        });
      }),
    function: () => () => 1,
    ...overrides,
  });
  const client = new Channel<Silent & Contract, Sums>(near, {});
  return { client, server, near, aborted };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('protocol/channel', () => {
  it('answers requests, several at once', async () => {
    const { client } = talk();
    assert.deepEqual(await Promise.all([client.request('add', [1, 2]), client.request('add', [3, 4])]), [3, 7]);
  });

  it('passes on what the other side throws, code and sentence', async () => {
    const { client } = talk();
    await assert.rejects(client.request('fail', {}), {
      code: 'data',
      message: 'a.csv has no rows; choose another file.',
    });
  });

  it('makes an internal failure of any other error, and of a request that nobody answers', async () => {
    const { client } = talk({
      add: () => {
        throw new TypeError('a defect');
      },
    });
    await assert.rejects(client.request('add', []), { code: 'internal', message: /a defect/ });
    await assert.rejects(client.request('toString' as never, {} as never), { code: 'internal' });
  });

  it('settles a request at once when it is cancelled, and tells the other side', async () => {
    const { client, aborted } = talk();
    const controller = new AbortController();
    const answer = client.request('wait', {}, controller.signal);
    await soon();
    controller.abort();
    await assert.rejects(answer, { code: 'cancelled' });
    await soon();
    assert.deepEqual(aborted, ['wait']);
    await assert.rejects(client.request('add', [], AbortSignal.abort()), { code: 'cancelled' });
  });

  it('rejects every pending request when the other side goes away, and later ones too', async () => {
    const { client, near, aborted } = talk();
    const answers = [client.request('wait', {}), client.request('wait', {})];
    await soon();
    near.close('gone');
    for (const answer of answers) await assert.rejects(answer, { code: 'closed' });
    await assert.rejects(client.request('add', [1]), { code: 'closed' });
    assert.deepEqual(aborted, ['wait', 'wait']);
  });

  it('fails the request whose parameters or result cannot be cloned, and goes on', async () => {
    const { client } = talk();
    await assert.rejects(client.request('function', {}), { code: 'internal' });
    await assert.rejects(client.request('add', [(() => 1) as never]), { code: 'internal' });
    assert.equal(await client.request('add', [5]), 5);
  });

  it('sends events to those who listen, until they stop', async () => {
    const { client, server } = talk();
    const heard: number[] = [];
    const stop = client.on('ticked', (count) => heard.push(count));
    server.emit('ticked', 1);
    await soon();
    stop();
    server.emit('ticked', 2);
    await soon();
    assert.deepEqual(heard, [1]);
  });

  it('says once that it closed, also to those who ask later', () => {
    const { client, near } = talk();
    const heard: string[] = [];
    client.onClose((why) => heard.push(why));
    near.close('gone');
    near.close('again');
    client.onClose((why) => heard.push(why));
    assert.deepEqual(heard, ['gone', 'gone']);
  });
});
