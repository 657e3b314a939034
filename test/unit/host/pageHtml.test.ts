import assert from 'node:assert/strict';
import { inlineJson, pageHtml } from '../../../extension/host/pageHtml';

const parts = {
  setup: {
    view: 'run' as const,
    language: 'zh-cn',
    translations: { 'a </script><script>alert(1)</script>': '"\u2028' },
  },
  script: 'https://files/run.js?a=1&b="',
  style: 'https://files/run.css',
  cspSource: 'https://files',
  nonce: 'bm9uY2U=',
};

describe('a page', () => {
  const html = pageHtml(parts);

  it('cannot be broken out of by a string of its setup', () => {
    assert.equal(html.match(/<\/script>/g)?.length, 2);
    const json = /id="setup"[^>]*>(.*)<\/script>/.exec(html)?.[1];
    assert.deepEqual(JSON.parse(json ?? ''), parts.setup);
    assert.ok(!inlineJson('\u2028').includes('\u2028'));
  });

  it('permits its own scripts and styles and nothing inline', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '';
    assert.match(
      policy,
      /^default-src 'none'; script-src 'nonce-bm9uY2U='; style-src https:\/\/files 'nonce-bm9uY2U='; /,
    );
    assert.ok(!policy.includes('unsafe'));
    for (const script of html.match(/<script[^>]*>/g) ?? []) assert.match(script, /nonce="bm9uY2U="/);
  });

  it('keeps addresses within their attributes', () => {
    assert.ok(html.includes('src="https://files/run.js?a=1&amp;b=&quot;"'));
  });
});
