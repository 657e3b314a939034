import { copyFileSync, existsSync, lstatSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { onDisk } from '../runs/storage';
import { cudaPackage } from './cudaPackage';

/**
 * Where this user's CUDA libraries are kept for one version of onnxruntime. It is outside the extension, whose folder is replaced
 * at every update, and shared by the editor and the terminal.
 */
export function cudaFolder(version: string, env: NodeJS.ProcessEnv = process.env): string {
  const data = env['XDG_DATA_HOME'];
  const base = data !== undefined && path.isAbsolute(data) ? data : path.join(homedir(), '.local', 'share');
  return path.join(base, 'unroll', `onnxruntime-${version}-cuda${cudaPackage.cuda}`);
}

/** The folder of onnxruntime's own library: it loads a provider's library from there and from nowhere else. */
export function bindingFolder(platform: string = process.platform, arch: string = process.arch): string {
  const manifest = createRequire(__filename).resolve('onnxruntime-node/package.json');
  return path.join(path.dirname(manifest), 'bin', 'napi-v6', platform, arch);
}

/** Whether the libraries stand in a folder, itself or by links that lead somewhere. */
export function holdsCuda(folder: string): boolean {
  return existsSync(path.join(folder, cudaPackage.library));
}

/**
 * Makes the libraries of `from` known to onnxruntime in `to`, by links where the file system has them. Links of another version
 * are replaced; files that somebody put there are left alone.
 * @throws UnrollError `storage` where the folder may not be written.
 */
export function linkCuda(from: string, to: string): void {
  for (const name of cudaPackage.files) {
    const source = path.join(from, name);
    const link = path.join(to, name);
    if (!existsSync(source) || leadsTo(link, source)) continue;
    onDisk(link, () => {
      try {
        symlinkSync(source, link);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : null;
        // Another process may have linked it in the meantime.
        if (code === 'EEXIST' && leadsTo(link, source)) return;
        if (code !== 'EPERM' && code !== 'ENOSYS' && code !== 'ENOTSUP') throw error;
        copyFileSync(source, link);
      }
    });
  }
}

/** Whether nothing needs to be done about a link; one that leads elsewhere is taken away. */
function leadsTo(link: string, source: string): boolean {
  let target: string;
  try {
    if (!lstatSync(link).isSymbolicLink()) return true;
    target = readlinkSync(link);
  } catch {
    return false;
  }
  if (target === source) return true;
  onDisk(link, () => rmSync(link));
  return false;
}
