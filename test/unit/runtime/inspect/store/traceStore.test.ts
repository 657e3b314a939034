import assert from 'node:assert/strict';
import { TraceStore } from '../../../../../extension/runtime/inspect/store/traceStore';
import { nowhere, shownOf } from './shown';

/** Two signals of six numbers and a column of three. */
const bytes = 4 * (6 + 6 + 3);
const shown = () => shownOf([1, 2, 3, 4, 5, 6]);

describe('the kept traces', () => {
  it('are those that were asked for last, as many as fit', () => {
    const store = new TraceStore(3 * bytes);
    for (const id of ['a', 'b', 'c']) store.keep(id, shown(), nowhere);
    assert.equal(store.get('a').bytes, bytes);
    store.keep('d', shown(), nowhere);
    assert.throws(() => store.get('b'), {
      code: 'usage',
      message: /^This trace is not kept any more; run the model again\.$/,
    });
    for (const id of ['a', 'c', 'd']) store.get(id);
    assert.equal(store.size, 3);
  });

  it('have the latest among them, however large it is', () => {
    const store = new TraceStore(10);
    store.keep('a', shown(), nowhere);
    store.keep('b', shown(), nowhere);
    assert.equal(store.size, 1);
    store.get('b');
  });

  it('take the room of what they are compared with, once', () => {
    const store = new TraceStore(3 * bytes);
    const original = store.keep('a', shown(), nowhere);
    for (const id of ['b', 'c']) store.keep(id, shown(), nowhere, { original, edits: [] });
    store.keep('same', original.shown, nowhere);
    assert.equal(store.size, 4);
    store.forget(['a', 'same']);
    // The original is still there for the two.
    store.keep('d', shown(), nowhere);
    assert.throws(() => store.get('b'), /not kept/);
    store.get('c');
  });

  it('are let go of by name', () => {
    const store = new TraceStore();
    store.keep('a', shown(), nowhere);
    store.forget(['a', '__proto__']);
    assert.throws(() => store.get('a'), /not kept/);
    assert.throws(() => store.get('__proto__'), /not kept/);
  });
});
