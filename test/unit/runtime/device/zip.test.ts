import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readZip, unzip } from '../../../../extension/runtime/device/zip';
import { temporaryFolder } from '../../../support/temporaryFolder';

const fixture = (name: string) => path.resolve('test', 'fixtures', 'device', name);

describe('device/zip', () => {
  const folder = temporaryFolder();

  /** Everything that an archive holds, unpacked. */
  async function contents(archive: string): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const [i, entry] of readZip(archive).entries()) {
      const to = path.join(folder.path, `${path.basename(archive)}-${i}`);
      await unzip(archive, entry, to);
      found[entry.name] = readFileSync(to, 'latin1');
    }
    return found;
  }

  it('unpacks what is stored and what is deflated, behind a comment too', async () => {
    const found = await contents(fixture('package.nupkg'));
    const native = 'runtimes/linux-x64/native';
    assert.equal(found[`${native}/libonnxruntime_providers_shared.so`], 'shared '.repeat(40));
    assert.equal(found[`${native}/libonnxruntime_providers_tensorrt.so`], 'tensorrt '.repeat(40));
    assert.equal(found[`${native}/libonnxruntime_providers_cuda.so`]?.length, 40_000);
  });

  it('reads the numbers of archives over 4 GB', async () => {
    assert.deepEqual(await contents(fixture('wide.zip')), {
      'first.txt': 'the first file',
      'second.txt': 'the second file',
    });
  });

  it('says that an archive is damaged', async () => {
    assert.throws(() => readZip(folder.write('none.zip', 'no archive at all, but long enough for one')), {
      code: 'network',
      message: /damaged or no archive/,
    });
    assert.throws(() => readZip(folder.write('empty.zip', '')), { code: 'network' });
    const bytes = readFileSync(fixture('package.nupkg'));
    bytes.fill(0xff, 300, 20_000);
    const broken = folder.write('broken.zip', bytes);
    const entry = readZip(broken).find(({ name }) => name.endsWith('cuda.so'));
    assert.ok(entry !== undefined);
    await assert.rejects(unzip(broken, entry, path.join(folder.path, 'broken')), { code: 'network' });
  });
});
