import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { DownloadProgress } from '../../protocol/devices';
import { UnrollError } from '../../protocol/errors';
import { RunLock } from '../runs/lock';
import { onDisk } from '../runs/storage';
import { holdsCuda } from './cudaFolder';
import { cudaPackage } from './cudaPackage';
import { checkSpace, download } from './download';
import { packageUrl, publishedSha512 } from './nugetFeed';
import { readZip, unzip } from './zip';

/** Where the CUDA libraries come from and go to. */
export interface CudaInstall {
  /** Of onnxruntime; its libraries fit no other. */
  readonly version: string;
  /** Where they will stand; made in one step, when all of them are unpacked. */
  readonly folder: string;
  /** Stands in for the feed that the packages come from: its service index, or a folder in NuGet's layout. */
  readonly mirror?: string | undefined;
  /** SHA-512 of the package in base64 where the user knows it; it is then asked of nobody. */
  readonly sha512?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly platform?: string;
  readonly arch?: string;
  /** The feed whose word on checksums counts; nuget.org. */
  readonly feed?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Fetches onnxruntime's CUDA libraries, as onnxruntime-node's own install step would, but resumable and checked. Does nothing where
 * they are there already.
 * @returns whether anything was fetched.
 * @throws UnrollError `device` where the platform has none, `network`, `storage` or `cancelled`.
 */
export async function installCuda(install: CudaInstall): Promise<boolean> {
  const { version, folder, signal, onProgress } = install;
  const { platform = process.platform, arch = process.arch, feed = cudaPackage.feed, env = process.env } = install;
  if (platform !== cudaPackage.platform || arch !== cudaPackage.arch) {
    throw new UnrollError(
      'device',
      'onnxruntime for {0} {1} is built without CUDA; choose another device, or train on Linux x64.',
      platform,
      arch,
    );
  }
  if (holdsCuda(folder)) return false;
  const parent = path.dirname(folder);
  onDisk(folder, () => mkdirSync(parent, { recursive: true }));
  const lock = acquire(parent);
  try {
    const options = { signal, env };
    const wanted = { id: cudaPackage.id, version };
    const mirror = install.mirror ?? env['UNROLL_CUDA_MIRROR'] ?? feed;
    const sha512 = install.sha512 ?? cudaPackage.sha512[version] ?? (await checksum(feed, wanted, options));
    const url = await packageUrl(mirror, wanted, options);
    const archive = path.join(parent, `${cudaPackage.id.toLowerCase()}.${version}.nupkg`);
    if (!existsSync(archive)) await download({ url, file: archive, sha512, onProgress, ...options });
    await unpack(archive, folder, signal).catch((error: unknown) => {
      // Its checksum was right once; what is damaged now must not be met again.
      if (error instanceof UnrollError && error.code === 'network') rmSync(archive, { force: true });
      throw error;
    });
    rmSync(archive, { force: true });
    return true;
  } finally {
    lock.release();
  }
}

/** Two that fetch at once would write into one file. */
function acquire(parent: string): RunLock {
  try {
    return RunLock.acquire(parent);
  } catch (error) {
    if (!(error instanceof UnrollError && error.code === 'run')) throw error;
    throw new UnrollError('device', 'CUDA is being set up by another process already; wait until it is done.');
  }
}

/** A mirror is trusted to store, not to vouch: the checksum comes from the feed itself. */
async function checksum(feed: string, wanted: { id: string; version: string }, options: object): Promise<string> {
  try {
    return await publishedSha512(feed, wanted, options);
  } catch (error) {
    if (!(error instanceof UnrollError && error.code === 'network')) throw error;
    throw new UnrollError(
      'network',
      'The checksum of {0} {1} cannot be had from {2}; go online, or give it with "unroll setup-cuda --sha512", in base64.',
      wanted.id,
      wanted.version,
      new URL(feed).host,
    );
  }
}

async function unpack(archive: string, folder: string, signal?: AbortSignal): Promise<void> {
  const parent = path.dirname(folder);
  const inside = new Map(readZip(archive).map((entry) => [entry.name, entry]));
  const entries = cudaPackage.files.map((name) => {
    const entry = inside.get(`${cudaPackage.folder}/${name}`);
    if (entry !== undefined) return { name, entry };
    throw new UnrollError(
      'network',
      '{0} holds no {1}; it is the package of another platform or version.',
      archive,
      name,
    );
  });
  checkSpace(
    parent,
    entries.reduce((sum, { entry }) => sum + entry.size, 0),
  );
  const temporary = onDisk(folder, () => mkdtempSync(path.join(parent, '.cuda-')));
  try {
    for (const { name, entry } of entries) {
      await unzip(archive, entry, path.join(temporary, name), signal);
      chmodSync(path.join(temporary, name), 0o755);
    }
    onDisk(folder, () => {
      // A folder without the library is what somebody broke by hand.
      rmSync(folder, { recursive: true, force: true });
      renameSync(temporary, folder);
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
