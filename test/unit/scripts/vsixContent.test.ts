import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  layOut,
  runtimePackages,
  servesTarget,
  shippedManifest,
  targetOf,
  targets,
} from '../../../scripts/vsixContent.mjs';

describe('the content of a VSIX', () => {
  it('names a platform as the marketplace does, and refuses one without binaries', () => {
    assert.equal(targetOf('win32', 'arm64'), 'win32-arm64');
    assert.throws(() => targetOf('darwin', 'x64'), /No VSIX for darwin-x64: .*darwin-arm64/);
    assert.throws(() => targetOf('linux', 'ia32'), /linux-ia32/);
  });

  it('takes the binaries of one platform', () => {
    const binaries = targets.map(
      (target) => `onnxruntime-node/bin/napi-v6/${target.replace('-', '/')}/onnxruntime_binding.node`,
    );
    for (const target of targets) {
      const kept = binaries.filter((file) => servesTarget(file, target));
      assert.deepEqual(kept, [`onnxruntime-node/bin/napi-v6/${target.replace('-', '/')}/onnxruntime_binding.node`]);
      assert.ok(runtimePackages(target).includes(`@duckdb/node-bindings-${target}`));
    }
    assert.ok(servesTarget('onnxruntime-node/dist/index.js', 'linux-x64'));
  });

  it('takes the macOS library once', () => {
    const folder = 'onnxruntime-node/bin/napi-v6/darwin/arm64';
    assert.ok(servesTarget(`${folder}/libonnxruntime.1.dylib`, 'darwin-arm64'));
    assert.ok(!servesTarget(`${folder}/libonnxruntime.1.30.0.dylib`, 'darwin-arm64'));
  });

  it('leaves out what setup-cuda linked into the checkout', () => {
    const folder = 'onnxruntime-node/bin/napi-v6/linux/x64';
    assert.ok(servesTarget(`${folder}/libonnxruntime.so.1`, 'linux-x64'));
    assert.ok(!servesTarget(`${folder}/libonnxruntime_providers_cuda.so`, 'linux-x64'));
  });

  it('ships a manifest without what only building needs', () => {
    const manifest = {
      name: 'unroll',
      private: true,
      scripts: { a: 'b' },
      devDependencies: { c: '1' },
      dependencies: { d: '1' },
    };
    assert.deepEqual(shippedManifest(manifest), { name: 'unroll', dependencies: { d: '1' } });
  });

  describe('laid out', () => {
    const target = 'linux-arm64';
    let root = '';
    let stage = '';
    const write = (name: string, text = '{}') => {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    };

    beforeEach(() => {
      root = mkdtempSync(path.join(tmpdir(), 'unroll-content-'));
      stage = path.join(root, 'stage');
      mkdirSync(stage);
      for (const name of ['.vscodeignore', 'README.md', 'CHANGELOG.md', 'LICENSE', 'package.json', 'media/icon.png'])
        write(name);
      for (const name of runtimePackages(target)) write(`node_modules/${name}/package.json`);
      write(
        'node_modules/onnxruntime-node/package.json',
        '{"scripts":{"postinstall":"x"},"dependencies":{"onnxruntime-common":"1","adm-zip":"1"}}',
      );
      for (const arch of ['arm64', 'x64'])
        write(`node_modules/onnxruntime-node/bin/napi-v6/linux/${arch}/binding.node`);
    });

    afterEach(() => rmSync(root, { recursive: true }));

    it('holds one platform, and names as dependencies only what is there', () => {
      layOut(root, stage, target);
      const runtime = path.join(stage, 'node_modules', 'onnxruntime-node');
      assert.ok(existsSync(path.join(runtime, 'bin/napi-v6/linux/arm64/binding.node')));
      assert.ok(!existsSync(path.join(runtime, 'bin/napi-v6/linux/x64/binding.node')));
      assert.ok(existsSync(path.join(stage, 'media/icon.png')));
      const manifest = JSON.parse(readFileSync(path.join(runtime, 'package.json'), 'utf8'));
      assert.deepEqual(manifest.dependencies, { 'onnxruntime-common': '1' });
      assert.equal(manifest.scripts, undefined);
    });

    it('says which file of the checkout is missing', () => {
      rmSync(path.join(root, 'LICENSE'));
      assert.throws(() => layOut(root, stage, target), /A VSIX needs LICENSE in /);
    });

    it('says which package is missing', () => {
      rmSync(path.join(root, 'node_modules/@duckdb/node-bindings-linux-arm64'), { recursive: true });
      assert.throws(
        () => layOut(root, stage, target),
        /@duckdb\/node-bindings-linux-arm64 is not in .*npm ci on linux-arm64/,
      );
    });
  });
});
