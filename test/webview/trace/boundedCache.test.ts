import assert from 'node:assert/strict';
import { BoundedCache } from '../../../webview/trace/boundedCache';

describe('a bounded cache', () => {
  it('lets go of what was not looked at for longest', () => {
    const cache = new BoundedCache<string>(30);
    for (const key of ['a', 'b', 'c']) cache.set(key, key, 10);
    assert.equal(cache.get('a'), 'a');
    cache.set('d', 'd', 10);
    assert.deepEqual(cache.values(), ['c', 'a', 'd']);
    assert.equal(cache.bytes, 30);
  });

  it('keeps the newest even where it alone is too large, and counts what is set twice once', () => {
    const cache = new BoundedCache<string>(30);
    cache.set('a', 'a', 10);
    cache.set('a', 'b', 20);
    assert.equal(cache.bytes, 20);
    cache.set('huge', 'huge', 100);
    assert.deepEqual(cache.values(), ['huge']);
    cache.clear();
    assert.deepEqual([cache.bytes, cache.get('huge')], [0, undefined]);
  });
});
