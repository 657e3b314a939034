import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { listSupportedBackends } from 'onnxruntime-node';
import { cudaFolder } from '../../../extension/runtime/device/cudaFolder';
import { readCudaMachine } from '../../../extension/runtime/device/cudaMachine';
import { cudaPackage } from '../../../extension/runtime/device/cudaPackage';
import { FeedServer, file, type Route } from '../../support/feedServer';
import { temporaryFolder } from '../../support/temporaryFolder';
import { unroll } from './runCli';

const content = readFileSync(path.resolve('test', 'fixtures', 'device', 'package.nupkg'));
const sha512 = createHash('sha512').update(content).digest('base64');
const machine = readCudaMachine();
const supported = machine.platform === cudaPackage.platform && machine.arch === cudaPackage.arch;

describe('cli: devices', () => {
  it('says of every device whether it works, and why not', async () => {
    const { status, events, stderr } = await unroll('.', ['devices', '--json']);
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      events.map((event) => event['provider']).sort(),
      listSupportedBackends()
        .map(({ name }) => name)
        .sort(),
    );
    assert.deepEqual(events[0], { provider: 'cpu', usable: true, reason: null });
    for (const event of events) assert.equal(event['usable'], event['reason'] === null);
    const { stdout } = await unroll('.', ['devices']);
    assert.match(stdout, /^cpu +works$/m);
    assert.equal(stdout.trim().split('\n').length, events.length);
  });
});

describe('cli: setup-cuda', () => {
  const folder = temporaryFolder();
  const routes = new Map<string, Route>();
  let server: FeedServer;

  before(async () => {
    server = await FeedServer.start(routes);
  });
  after(() => server.stop());

  const { version } = JSON.parse(
    readFileSync(path.resolve('node_modules', 'onnxruntime-node', 'package.json'), 'utf8'),
  );
  const id = cudaPackage.id.toLowerCase();
  const route = `/${id}/${version}/${id}.${version}.nupkg`;
  const run = (args: readonly string[], onStart?: Parameters<typeof unroll>[2]) => {
    const environment = { XDG_DATA_HOME: folder.path, http_proxy: '', HTTP_PROXY: '', all_proxy: '', ALL_PROXY: '' };
    return unroll('.', ['setup-cuda', '--mirror', server.url, ...args], onStart, environment);
  };

  it('says what is wrong in one sentence', async function () {
    if (!supported) this.skip();
    routes.set(route, file(content));
    const { status, stdout, stderr } = await run(['--sha512', 'AAAA']);
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /unroll: http.* arrived with a wrong checksum .*\.\n$/);
  });

  it('is interrupted with Ctrl+C and goes on from there', async function () {
    // The stand-ins for the libraries must not be linked beside onnxruntime where it would load them.
    if (!supported || machine.driver !== null) this.skip();
    routes.set(route, (_, response) => {
      response.writeHead(200, { 'Content-Length': content.length }).write(content.subarray(0, 9_000));
    });
    const first = await run(['--sha512', sha512], (child) => {
      child.stderr?.on('data', (text) => {
        if (String(text).includes('MB')) setTimeout(() => child.kill('SIGINT'), 200);
      });
    });
    assert.equal(first.status, 130, first.stderr);
    assert.match(first.stderr, /goes on from here/);
    routes.set(route, file(content));
    const { status, events, stderr } = await run(['--sha512', sha512, '--json']);
    assert.equal(status, 0, stderr);
    assert.equal(server.asked.at(-1), `${route} bytes=9000-`);
    const store = cudaFolder(version, { XDG_DATA_HOME: folder.path });
    const done = events.at(-1) ?? {};
    assert.deepEqual([done['event'], done['folder'], done['fetched'], done['usable']], ['done', store, true, false]);
    assert.match(String(done['reason']), /NVIDIA/);
    assert.deepEqual(readdirSync(store).sort(), [...cudaPackage.files].sort());
    const again = await run([]);
    assert.match(again.stdout, /already in/);
  });
});
