import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { bindingFolder, cudaFolder, holdsCuda, linkCuda } from '../../../../extension/runtime/device/cudaFolder';
import { cudaPackage } from '../../../../extension/runtime/device/cudaPackage';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('device/cudaFolder', () => {
  const folder = temporaryFolder();
  let count = 0;

  function places() {
    const store = path.join(folder.path, `store${count}`);
    const binding = path.join(folder.path, `binding${count++}`);
    mkdirSync(binding);
    for (const name of cudaPackage.files) folder.write(path.join(path.basename(store), name), `of ${store}`);
    return { store, binding, link: path.join(binding, cudaPackage.library) };
  }

  it('keeps the libraries of one version in one folder of the user', () => {
    const own = path.join(homedir(), '.local', 'share', 'unroll', 'onnxruntime-1.2.3-cuda12');
    assert.equal(cudaFolder('1.2.3', {}), own);
    assert.equal(cudaFolder('1.2.3', { XDG_DATA_HOME: 'relative' }), own);
    assert.equal(
      cudaFolder('1.2.3', { XDG_DATA_HOME: '/data' }),
      path.join('/data', 'unroll', 'onnxruntime-1.2.3-cuda12'),
    );
  });

  it('knows the folder that onnxruntime loads its libraries from', () => {
    assert.ok(existsSync(path.join(bindingFolder(), 'onnxruntime_binding.node')));
  });

  it('links the libraries, once, and anew for another version', () => {
    const { store, binding, link } = places();
    assert.ok(!holdsCuda(binding));
    linkCuda(store, binding);
    linkCuda(store, binding);
    assert.ok(holdsCuda(binding));
    assert.equal(readFileSync(link, 'utf8'), `of ${store}`);
    const { store: newer } = places();
    linkCuda(newer, binding);
    assert.equal(readlinkSync(link), path.join(newer, cudaPackage.library));
  });

  it('mends a link that leads nowhere, and leaves a file alone', () => {
    const { store, binding, link } = places();
    symlinkSync(path.join(folder.path, 'nowhere'), link);
    assert.ok(!holdsCuda(binding));
    linkCuda(store, binding);
    assert.equal(readFileSync(link, 'utf8'), `of ${store}`);
    rmSync(link);
    folder.write(path.join(path.basename(binding), cudaPackage.library), 'by hand');
    linkCuda(store, binding);
    assert.ok(!lstatSync(link).isSymbolicLink());
    assert.equal(readFileSync(link, 'utf8'), 'by hand');
  });

  it('says that the folder cannot be written', () => {
    const { store, binding } = places();
    assert.throws(() => linkCuda(store, path.join(binding, 'missing')), { code: 'storage' });
  });
});
