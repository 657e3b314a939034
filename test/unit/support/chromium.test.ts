import assert from 'node:assert/strict';
import { type ChromiumSources, findChromium } from '../../support/vscode/chromium.mjs';

/** A machine on which each way either succeeds or not; `asked` tells which were tried, in order. */
function machine(has: { downloaded?: true; download?: true; installed?: true; install?: true }) {
  const asked: string[] = [];
  const there = { ...has };
  const sources: ChromiumSources = {
    downloaded: () => (there.downloaded ? '/playwright/chrome' : undefined),
    download: async () => {
      asked.push('download');
      if (has.download) there.downloaded = true;
      return has.download === true;
    },
    installed: () => (there.installed ? '/usr/bin/chromium' : undefined),
    install: async () => {
      asked.push('install');
      if (has.install) there.installed = true;
      return has.install === true;
    },
  };
  return { sources, asked };
}

describe('finding a Chromium', () => {
  it("takes Playwright's own without asking for anything", async () => {
    const { sources, asked } = machine({ downloaded: true, installed: true });
    assert.equal(await findChromium(sources), '/playwright/chrome');
    assert.deepEqual(asked, []);
  });

  it('downloads it where it can', async () => {
    const { sources, asked } = machine({ download: true, installed: true });
    assert.equal(await findChromium(sources), '/playwright/chrome');
    assert.deepEqual(asked, ['download']);
  });

  it("falls back to the system's, and only then installs one", async () => {
    const installed = machine({ installed: true });
    assert.equal(await findChromium(installed.sources), '/usr/bin/chromium');
    assert.deepEqual(installed.asked, ['download']);
    const installable = machine({ install: true });
    assert.equal(await findChromium(installable.sources), '/usr/bin/chromium');
    assert.deepEqual(installable.asked, ['download', 'install']);
  });

  it('says what to install when there is no way', async () => {
    await assert.rejects(findChromium(machine({}).sources), /npx playwright-core install chromium/);
  });
});
