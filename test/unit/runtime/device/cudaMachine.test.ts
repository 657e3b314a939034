import assert from 'node:assert/strict';
import path from 'node:path';
import { readCudaMachine } from '../../../../extension/runtime/device/cudaMachine';
import { temporaryFolder } from '../../../support/temporaryFolder';

const bare = { platform: 'linux', arch: 'x64', gpu: false, driver: null, reachable: false, cuda: [] };

describe('device/cudaMachine', () => {
  const folder = temporaryFolder();
  let count = 0;

  /** What is seen of a machine with these files. */
  function seen(files: Readonly<Record<string, string>>) {
    const root = `machine${count++}`;
    folder.write(path.join(root, 'dev', 'null'), '');
    for (const [name, text] of Object.entries(files)) folder.write(path.join(root, name), text);
    return readCudaMachine(path.join(folder.path, root), 'linux', 'x64');
  }

  it('sees nothing where nothing is', () => {
    assert.deepEqual(seen({}), bare);
  });

  it('tells a GPU by NVIDIA from its sound card and from other GPUs', () => {
    const device = (name: string, vendor: string, kind: string) => ({
      [`sys/bus/pci/devices/${name}/vendor`]: `${vendor}\n`,
      [`sys/bus/pci/devices/${name}/class`]: `${kind}\n`,
    });
    assert.equal(seen(device('0000:01:00.0', '0x10de', '0x030000')).gpu, true);
    assert.equal(seen(device('0000:01:00.0', '0x10de', '0x030200')).gpu, true);
    assert.equal(seen(device('0000:01:00.1', '0x10de', '0x040300')).gpu, false);
    assert.equal(seen(device('0000:01:00.0', '0x1002', '0x030000')).gpu, false);
  });

  it('reads the version of the driver, open or not', () => {
    const driver = (text: string) => seen({ 'proc/driver/nvidia/version': text }).driver;
    const closed =
      'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024\nGCC version:\n';
    const open = 'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.10  Release Build\n';
    assert.equal(driver(closed), '550.54.15');
    assert.equal(driver(open), '570.86.10');
    assert.equal(driver('in other words'), '');
  });

  it('sees whether the GPU can be reached', () => {
    assert.equal(seen({ 'dev/nvidiactl': '' }).reachable, true);
    const windows = { 'dev/dxg': '', 'usr/lib/wsl/lib/libcuda.so.1': '' };
    assert.deepEqual(seen(windows), { ...bare, driver: 'WSL', reachable: true });
  });

  it('finds the versions of CUDA', () => {
    const { cuda } = seen({
      'usr/local/cuda-13.0/version.json': '',
      'usr/local/cuda/version.json': '',
      'usr/lib/x86_64-linux-gnu/libcudart.so.11.8.89': '',
      'usr/lib/x86_64-linux-gnu/libcudart.so': '',
      'usr/lib64/libcudart.so.13': '',
    });
    assert.deepEqual(cuda, [11, 13]);
  });

  it('reads this machine', () => {
    const { platform, arch } = readCudaMachine();
    assert.deepEqual([platform, arch], [process.platform, process.arch]);
  });
});
