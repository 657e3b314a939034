import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cudaPackage } from '../../../../extension/runtime/device/cudaPackage';
import { type CudaInstall, installCuda } from '../../../../extension/runtime/device/installCuda';
import { RunLock } from '../../../../extension/runtime/runs/lock';
import { FeedServer, file, json, type Route } from '../../../support/feedServer';
import { temporaryFolder } from '../../../support/temporaryFolder';

const content = readFileSync(path.resolve('test', 'fixtures', 'device', 'package.nupkg'));
const sha512 = createHash('sha512').update(content).digest('base64');
const id = cudaPackage.id.toLowerCase();
const version = '9.9.9';
const nupkg = `${id}/${version}/${id}.${version}.nupkg`;

describe('device/installCuda', () => {
  const folder = temporaryFolder();
  let server: FeedServer;
  let routes: Map<string, Route>;
  let install: CudaInstall;
  let count = 0;
  const parent = () => path.dirname(install.folder);
  const installed = () => readdirSync(install.folder).sort();

  beforeEach(async () => {
    routes = new Map();
    server = await FeedServer.start(routes);
    const { url } = server;
    const resources = [
      { '@type': 'SearchQueryService', '@id': `${url}/search` },
      { '@type': 'PackageBaseAddress/3.0.0', '@id': `${url}/packages/` },
      { '@type': 'RegistrationsBaseUrl/3.6.0', '@id': `${url}/registration/` },
    ];
    routes.set('/index.json', json({ version: '3.0.0', resources }));
    routes.set(`/registration/${id}/${version}.json`, json({ catalogEntry: `${url}/catalog/entry.json` }));
    routes.set('/catalog/entry.json', json({ packageHash: sha512, packageHashAlgorithm: 'SHA512' }));
    routes.set(`/packages/${nupkg}`, file(content));
    install = {
      version,
      folder: path.join(folder.path, `data${count++}`, 'unroll', 'libraries'),
      feed: `${url}/index.json`,
      platform: 'linux',
      arch: 'x64',
      env: {},
    };
  });
  afterEach(() => server.stop());

  it("installs the libraries that onnxruntime-node's own step would, and only once", async () => {
    assert.equal(await installCuda(install), true);
    assert.deepEqual(installed(), [...cudaPackage.files].sort());
    assert.equal(readFileSync(path.join(install.folder, cudaPackage.library)).length, 40_000);
    assert.deepEqual(readdirSync(parent()), ['libraries']);
    const asked = server.asked.length;
    assert.equal(await installCuda(install), false);
    assert.equal(server.asked.length, asked);
  });

  it('goes on with a download that was cut', async () => {
    routes.set(`/packages/${nupkg}`, file(content, { cutAfter: 10_000 }));
    await assert.rejects(installCuda(install), { code: 'network' });
    assert.ok(!existsSync(install.folder));
    assert.equal(await installCuda(install), true);
    assert.equal(server.asked.at(-1), `/packages/${nupkg} bytes=10000-`);
    assert.deepEqual(installed(), [...cudaPackage.files].sort());
  });

  it('installs nothing with a wrong checksum', async () => {
    routes.set('/catalog/entry.json', json({ packageHash: 'AAAA', packageHashAlgorithm: 'SHA512' }));
    await assert.rejects(installCuda(install), { code: 'network', message: /wrong checksum/ });
    assert.deepEqual(readdirSync(parent()), []);
  });

  it('takes the package of a mirror and the checksum of the feed', async () => {
    const mirrored = new Map<string, Route>([[`/cuda/${nupkg}`, file(content)]]);
    const mirror = await FeedServer.start(mirrored);
    try {
      await installCuda({ ...install, mirror: `${mirror.url}/cuda` });
      assert.deepEqual(mirror.asked, [`/cuda/${nupkg}`]);
      assert.ok(!server.asked.some((asked) => asked.endsWith('.nupkg')));
      const other = { ...install, folder: `${install.folder}2`, env: { UNROLL_CUDA_MIRROR: `${mirror.url}/cuda/` } };
      await installCuda(other);
      assert.equal(mirror.asked.length, 2);
      mirrored.set(`/cuda/${nupkg}`, file(Buffer.from('something else')));
      await assert.rejects(installCuda({ ...other, folder: `${install.folder}3` }), { message: /wrong checksum/ });
    } finally {
      await mirror.stop();
    }
  });

  it('needs no feed where the user gives the checksum', async () => {
    await assert.rejects(installCuda({ ...install, feed: 'http://127.0.0.1:1/index.json' }), {
      code: 'network',
      message: /checksum of .* cannot be had from 127\.0\.0\.1:1.*--sha512/,
    });
    const alone = { ...install, feed: 'http://127.0.0.1:1/index.json', mirror: `${server.url}/packages`, sha512 };
    assert.equal(await installCuda(alone), true);
  });

  it('says that a version or a feed is not there', async () => {
    routes.delete(`/packages/${nupkg}`);
    await assert.rejects(installCuda(install), { code: 'network', message: /does not exist there \(status 404\)/ });
    routes.set('/index.json', json({ resources: [] }));
    await assert.rejects(installCuda({ ...install, sha512 }), { code: 'network', message: /no package feed/ });
    routes.set('/index.json', (_, response) => response.end('<html>'));
    await assert.rejects(installCuda({ ...install, sha512 }), { code: 'network', message: /no package feed/ });
  });

  it('refuses a package without the libraries', async () => {
    const other = readFileSync(path.resolve('test', 'fixtures', 'device', 'wide.zip'));
    routes.set(`/packages/${nupkg}`, file(other));
    const otherSum = createHash('sha512').update(other).digest('base64');
    await assert.rejects(installCuda({ ...install, sha512: otherSum }), {
      code: 'network',
      message: /holds no libonnxruntime_providers_/,
    });
    assert.deepEqual(readdirSync(parent()), []);
  });

  it('is alone', async () => {
    mkdirSync(parent(), { recursive: true });
    const lock = RunLock.acquire(parent());
    await assert.rejects(installCuda(install), { code: 'device', message: /by another process already/ });
    lock.release();
    assert.equal(await installCuda(install), true);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    routes.set(`/packages/${nupkg}`, (_, response) => {
      response.writeHead(200, { 'Content-Length': content.length }).write(content.subarray(0, 5_000));
      setTimeout(() => stop.abort(), 100);
    });
    await assert.rejects(installCuda({ ...install, signal: stop.signal }), { code: 'cancelled' });
    assert.ok(!existsSync(install.folder));
    routes.set(`/packages/${nupkg}`, file(content));
    assert.equal(await installCuda(install), true);
    assert.equal(server.asked.at(-1), `/packages/${nupkg} bytes=5000-`);
  });

  it('refuses a platform that onnxruntime has no CUDA for', async () => {
    for (const [platform, arch] of [
      ['win32', 'x64'],
      ['linux', 'arm64'],
    ] as const) {
      await assert.rejects(installCuda({ ...install, platform, arch }), { code: 'device', message: /Linux x64/ });
    }
  });

  it('names the package that this onnxruntime-node itself would fetch', () => {
    interface Metadata {
      readonly requirements: Readonly<Record<string, readonly string[]>>;
      readonly manifests: Readonly<Record<string, Readonly<Record<string, { package: string; path: string }>>>>;
      readonly packages: Readonly<Record<string, { name: string; versions: readonly { version: string }[] }>>;
      readonly feeds: Readonly<Record<string, { index: string }>>;
    }
    const require = createRequire(path.resolve('package.json'));
    const metadata = require('onnxruntime-node/script/install-metadata.js') as Metadata;
    const wanting = Object.entries(metadata.requirements).filter(([, wants]) => wants.length > 0);
    assert.deepEqual(wanting, [['linux/x64', [`cuda${cudaPackage.cuda}`]]]);
    const manifest = metadata.manifests[`linux/x64:cuda${cudaPackage.cuda}`] ?? {};
    assert.deepEqual(
      Object.values(manifest)
        .map((entry) => entry.path)
        .sort(),
      cudaPackage.files.map((name) => `${cudaPackage.folder}/${name}`).sort(),
    );
    const wanted = metadata.packages[`nuget:linux/x64:cuda${cudaPackage.cuda}`];
    assert.equal(wanted?.name, cudaPackage.id);
    const { version: own } = require('onnxruntime-node/package.json') as { version: string };
    assert.deepEqual(
      wanted?.versions.map((entry) => entry.version),
      [own],
    );
    assert.equal(metadata.feeds['nuget']?.index, cudaPackage.feed);
  });
});
