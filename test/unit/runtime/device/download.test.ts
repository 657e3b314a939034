import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DownloadProgress } from '../../../../extension/protocol/devices';
import { checkSpace, type Download, download } from '../../../../extension/runtime/device/download';
import { FeedServer, file, type Route } from '../../../support/feedServer';
import { temporaryFolder } from '../../../support/temporaryFolder';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) % 251));
const sha512 = createHash('sha512').update(content).digest('base64');

describe('device/download', () => {
  const folder = temporaryFolder();
  const routes = new Map<string, Route>();
  let server: FeedServer;
  let count = 0;
  let job: Download;
  let progress: DownloadProgress[] = [];
  const part = () => `${job.file}.part`;

  before(async () => {
    server = await FeedServer.start(routes);
  });
  after(() => server.stop());
  beforeEach(() => {
    server.asked.length = 0;
    progress = [];
    const onProgress = (each: DownloadProgress) => progress.push(each);
    job = { url: `${server.url}/file`, file: path.join(folder.path, `file${count++}`), sha512, onProgress, env: {} };
  });

  it('fetches a file, tells how far it is, and leaves nothing beside it', async () => {
    routes.set('/file', file(content));
    await download(job);
    assert.deepEqual(readFileSync(job.file), content);
    assert.deepEqual(progress[0], { received: 0, total: content.length });
    assert.deepEqual(progress.at(-1), { received: content.length, total: content.length });
    assert.ok(!existsSync(part()));
  });

  it('goes on where a broken connection left it', async () => {
    routes.set('/file', file(content, { cutAfter: 100_000 }));
    await assert.rejects(download(job), { code: 'network', message: /cannot be reached.*what has arrived is kept/ });
    assert.deepEqual(readFileSync(part()), content.subarray(0, 100_000));
    assert.ok(!existsSync(job.file));
    progress = [];
    await download(job);
    assert.deepEqual(readFileSync(job.file), content);
    assert.deepEqual(server.asked, ['/file', '/file bytes=100000-']);
    assert.deepEqual(progress[0], { received: 100_000, total: content.length });
  });

  it('begins anew where the server knows no ranges', async () => {
    routes.set('/file', file(content, { ranges: false }));
    writeFileSync(part(), content.subarray(0, 7));
    await download(job);
    assert.deepEqual(readFileSync(job.file), content);
  });

  it('asks for nothing more where all has arrived', async () => {
    routes.set('/file', file(content));
    writeFileSync(part(), content);
    await download(job);
    assert.deepEqual(readFileSync(job.file), content);
    assert.deepEqual(progress, []);
  });

  it('throws away what has a wrong checksum', async () => {
    routes.set('/file', file(content));
    writeFileSync(part(), 'another beginning');
    await assert.rejects(download(job), { code: 'network', message: /wrong checksum/ });
    assert.ok(!existsSync(job.file));
    assert.ok(!existsSync(part()));
    await download(job);
    assert.deepEqual(readFileSync(job.file), content);
  });

  it('says what the server says', async () => {
    routes.delete('/file');
    await assert.rejects(download(job), { code: 'network', message: /does not exist there \(status 404\)/ });
    routes.set('/file', (_, response) => response.writeHead(503).end());
    await assert.rejects(download(job), { code: 'network', message: /status 503/ });
    assert.ok(!existsSync(part()));
  });

  it('says that nobody answers', async () => {
    await assert.rejects(download({ ...job, url: 'http://127.0.0.1:1/file' }), {
      code: 'network',
      message: /127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/,
    });
    routes.set('/file', () => {});
    await assert.rejects(download({ ...job, patienceMs: 100 }), { code: 'network', message: /no answer/ });
    await assert.rejects(download({ ...job, url: 'ftp://127.0.0.1/file' }), { code: 'usage', message: /https/ });
  });

  it('stops when it is told to, keeps what has arrived, and goes on from it', async () => {
    routes.set('/file', (_, response) => {
      response.writeHead(200, { 'Content-Length': content.length }).write(content.subarray(0, 50_000));
    });
    const stop = new AbortController();
    const onProgress = ({ received }: DownloadProgress) => {
      if (received === 50_000) setTimeout(() => stop.abort(), 100);
    };
    await assert.rejects(download({ ...job, onProgress, signal: stop.signal }), { code: 'cancelled' });
    assert.equal(readFileSync(part()).length, 50_000);
    routes.set('/file', file(content));
    await download(job);
    assert.deepEqual(server.asked.at(-1), '/file bytes=50000-');
    assert.deepEqual(readFileSync(job.file), content);
  });

  it('follows redirects, but not in a circle', async () => {
    routes.set('/file', (_, response) => response.writeHead(302, { Location: '/there' }).end());
    routes.set('/there', file(content));
    await download(job);
    assert.deepEqual(readFileSync(job.file), content);
    routes.set('/there', (_, response) => response.writeHead(302, { Location: '/file' }).end());
    await assert.rejects(download({ ...job, file: `${job.file}-2` }), { code: 'network', message: /without an end/ });
  });

  it('goes through the proxy that the environment names', async () => {
    routes.set('http://packages.invalid/file', file(content));
    await download({ ...job, url: 'http://packages.invalid/file', env: { http_proxy: server.url } });
    assert.deepEqual(readFileSync(job.file), content);
  });

  it('asks a proxy for a tunnel where the address is HTTPS', async () => {
    const url = 'https://packages.invalid/file';
    await assert.rejects(download({ ...job, url, env: { HTTPS_PROXY: server.url } }), {
      code: 'network',
      message: /packages\.invalid cannot be reached/,
    });
    assert.deepEqual(server.tunnels, ['packages.invalid:443']);
  });

  it('says that a disk is too small, before anything is written', () => {
    assert.throws(() => checkSpace(folder.path, 1e18), { code: 'storage', message: /are needed; free some space/ });
    checkSpace(folder.path, 1);
  });
});
