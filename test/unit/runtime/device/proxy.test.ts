import assert from 'node:assert/strict';
import { proxyFor } from '../../../../extension/runtime/device/proxy';

const found = (target: string, env: NodeJS.ProcessEnv) => proxyFor(new URL(target), env)?.href ?? null;

describe('device/proxy', () => {
  it('takes the variable of the scheme, in small or capital letters', () => {
    assert.equal(found('https://a.example', {}), null);
    assert.equal(found('https://a.example', { https_proxy: 'http://p:1' }), 'http://p:1/');
    assert.equal(found('https://a.example', { HTTPS_PROXY: 'http://me:secret@p:1' }), 'http://me:secret@p:1/');
    assert.equal(found('https://a.example', { http_proxy: 'http://p:1' }), null);
    assert.equal(found('http://a.example', { http_proxy: 'http://p:1' }), 'http://p:1/');
    assert.equal(found('https://a.example', { ALL_PROXY: 'p:1' }), 'http://p:1/');
    assert.equal(found('https://a.example', { https_proxy: 'http://p:1', all_proxy: 'http://q:2' }), 'http://p:1/');
    assert.equal(found('https://a.example', { all_proxy: 'socks5://p:1' }), null);
  });

  it('spares what no_proxy names', () => {
    const through = (no_proxy: string, target = 'https://api.a.example') =>
      found(target, { https_proxy: 'http://p:1', no_proxy }) !== null;
    assert.ok(through('b.example'));
    assert.ok(through('pi.a.example'));
    for (const list of ['*', 'a.example', '.a.example', '*.a.example', 'b.example, api.a.example']) {
      assert.ok(!through(list), list);
    }
    assert.ok(through('api.a.example:8443'));
    assert.ok(!through('api.a.example:8443', 'https://api.a.example:8443'));
  });
});
