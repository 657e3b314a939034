import assert from 'node:assert/strict';
import { keysAt } from '../../../../extension/data/choices/schemaKeys';
import { draftSchema } from '../../../../extension/protocol/experiment';

describe('keys of a schema', () => {
  it('are found through lists, defaults and what may be left out', () => {
    assert.ok(keysAt(draftSchema, []).includes('training'));
    assert.ok(keysAt(draftSchema, ['data', 'split']).includes('validation'));
    assert.ok(keysAt(draftSchema, ['model', 'layers', 3]).includes('bidirectional'));
    assert.ok(keysAt(draftSchema, ['model', 'convolution']).includes('filters'));
    assert.ok(keysAt(draftSchema, ['training', 'schedule']).includes('warmup'));
  });

  it('are none where there is no object', () => {
    assert.deepEqual(keysAt(draftSchema, ['name']), []);
    assert.deepEqual(keysAt(draftSchema, ['name', 'first']), []);
    assert.deepEqual(keysAt(draftSchema, ['nothing', 'here']), []);
  });
});
