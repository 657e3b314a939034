import assert from 'node:assert/strict';
import type { Engine } from '../../../extension/host/engineProcess';
import { OwnTraces, tracePages } from '../../../extension/host/tracePages';
import { engineOf } from './runs';

describe('what a page asks of a trace', () => {
  it('goes on to the engine with who waits for it, and its answer comes back', async () => {
    const heard: unknown[] = [];
    const engine = {
      request: async (name: string, params: unknown, signal: AbortSignal) => {
        heard.push([name, params, signal]);
        return { rows: 1, columns: 1, values: new Float32Array([2]) };
      },
    } as unknown as Engine;
    const { signal } = new AbortController();
    const wish = { of: 'anything' };
    const answer = await tracePages(engine, () => assert.fail('no trace was made')).tile(
      { trace: '1-1', wish } as never,
      signal,
    );
    assert.deepEqual([...answer.values], [2]);
    assert.deepEqual(heard, [['tile', { trace: '1-1', wish }, signal]]);
  });

  it('may make another trace, of which the page says from which it came', async () => {
    const made: string[] = [];
    const pages = tracePages(engineOf({ edit: () => ({ id: '1-2' }) }), ({ id }, from) => made.push(id, from));
    await pages.edit({ trace: '1-1', edits: [] }, new AbortController().signal);
    assert.deepEqual(made, ['1-2', '1-1']);
  });
});

describe('the traces of a page', () => {
  it('are let go of with it, and so is one that comes later', async () => {
    const forgotten: (readonly string[])[] = [];
    const engine = engineOf({
      forget: ({ traces }: { readonly traces: readonly string[] }) => {
        forgotten.push(traces);
        return {};
      },
    });
    const own = new OwnTraces(engine);
    own.add('1-1');
    own.add('1-2');
    assert.deepEqual(forgotten, []);
    own.dispose();
    own.add('1-3');
    own.dispose();
    assert.deepEqual(forgotten, [['1-1', '1-2'], ['1-3']]);
  });

  it('trouble nobody where the engine is gone', async () => {
    const own = new OwnTraces({ request: () => Promise.reject(new Error('gone')) } as unknown as Engine);
    own.add('1-1');
    own.dispose();
    await new Promise((resolve) => setImmediate(resolve));
  });
});
