import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** What a machine shows of NVIDIA without a library being loaded. */
export interface CudaMachine {
  readonly platform: string;
  readonly arch: string;
  /** A GPU by NVIDIA is on the PCI bus. */
  readonly gpu: boolean;
  /** Version of the loaded driver, `WSL` for that of Windows beneath, or null where none is loaded. */
  readonly driver: string | null;
  /** Programs can reach the GPU: in a container it must be handed in. */
  readonly reachable: boolean;
  /** Major versions of CUDA that are installed where installers put it. */
  readonly cuda: readonly number[];
}

/** PCI vendor of NVIDIA, and the class of display controllers (0x03, then VGA or 3D). */
const nvidia = '0x10de';
const display = /^0x03/;

/** Looks at this machine. @param root where the file system begins. */
export function readCudaMachine(
  root = '/',
  platform: string = process.platform,
  arch: string = process.arch,
): CudaMachine {
  const at = (...parts: string[]) => path.join(root, ...parts);
  const wsl = existsSync(at('dev', 'dxg')) && existsSync(at('usr', 'lib', 'wsl', 'lib', 'libcuda.so.1'));
  const version = /Kernel Module(?: for \S+)?\s+(\d+[\d.]*)/.exec(textOf(at('proc', 'driver', 'nvidia', 'version')));
  const loaded = existsSync(at('proc', 'driver', 'nvidia', 'version')) ? (version?.[1] ?? '') : null;
  return {
    platform,
    arch,
    gpu: namesIn(at('sys', 'bus', 'pci', 'devices')).some((device) => {
      const folder = at('sys', 'bus', 'pci', 'devices', device);
      return textOf(path.join(folder, 'vendor')).trim() === nvidia && display.test(textOf(path.join(folder, 'class')));
    }),
    driver: wsl ? 'WSL' : loaded,
    reachable: wsl || existsSync(at('dev', 'nvidiactl')),
    cuda: cudaVersions(at('usr', 'local'), at('usr', 'lib', 'x86_64-linux-gnu'), at('usr', 'lib64')),
  };
}

function cudaVersions(installed: string, ...libraries: string[]): readonly number[] {
  const folders = namesIn(installed).map((name) => /^cuda-(\d+)/.exec(name)?.[1]);
  const files = libraries.flatMap(namesIn).map((name) => /^libcudart\.so\.(\d+)/.exec(name)?.[1]);
  const found = [...folders, ...files].filter((major) => major !== undefined).map(Number);
  return [...new Set(found)].sort((a, b) => a - b);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
