import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DownloadProgress } from '../../protocol/devices';
import { UnrollError } from '../../protocol/errors';
import { onDisk, storageError } from '../runs/storage';
import { type GetOptions, httpGet, networkError, refused } from './httpGet';

/** What is fetched. */
export interface Download extends GetOptions {
  readonly url: string;
  /** Where it goes. What has arrived of it stands beside it as `.part`, and the next call goes on from there. */
  readonly file: string;
  /** SHA-512 of the whole file, in base64. */
  readonly sha512: string;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Fetches a file, going on from what an earlier call left, and gives it its name only once its checksum is right.
 * @throws UnrollError `network` where the server fails or the checksum is wrong (what arrived is then thrown away), `storage` where
 * the disk refuses, `cancelled` where the signal says so; in these two what arrived is kept.
 */
export async function download(job: Download): Promise<void> {
  const part = `${job.file}.part`;
  await receive(job, part);
  if ((await sha512Of(part)) !== job.sha512) {
    rmSync(part, { force: true });
    throw new UnrollError(
      'network',
      '{0} arrived with a wrong checksum and was thrown away; try again, and if it happens again, use another mirror.',
      job.url,
    );
  }
  onDisk(job.file, () => renameSync(part, job.file));
}

/** SHA-512 of a file in base64. */
export async function sha512Of(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return hash.digest('base64');
}

async function receive(job: Download, part: string): Promise<void> {
  const { url, signal, onProgress } = job;
  const have = sizeOf(part);
  const range = have > 0 ? { Range: `bytes=${have}-` } : {};
  const answer = await httpGet(url, { ...job, headers: { ...job.headers, ...range } });
  const { start, total, finished } = positionOf(answer, have, url);
  if (finished) {
    answer.destroy();
    return;
  }
  if (total !== null) checkSpace(path.dirname(part), total - start);
  let received = start;
  onProgress?.({ received, total });
  answer.on('data', (bytes: Buffer) => {
    received += bytes.length;
    onProgress?.({ received, total });
  });
  const onto = createWriteStream(part, { flags: start === 0 ? 'w' : 'a' });
  try {
    await pipeline(answer, onto, { ...(signal && { signal }) });
  } catch (error) {
    const said = isOfDisk(error) ? storageError(error, part) : error;
    throw networkError(url, said, signal);
  }
  if (total !== null && received !== total) throw networkError(url, new Error('the connection ended early'), signal);
}

/** Where the body of an answer begins in the file, and how long the file is. */
function positionOf(answer: IncomingMessage, have: number, url: string) {
  const { statusCode = 0, headers } = answer;
  const length = headers['content-length'] === undefined ? null : Number(headers['content-length']);
  if (statusCode === 200) return { start: 0, total: length, finished: false };
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
  const whole = range?.[2] === undefined || range[2] === '*' ? null : Number(range[2]);
  if (statusCode === 206 && Number(range?.[1]) === have) return { start: have, total: whole, finished: false };
  // Nothing is left to send: all of it has arrived, or it is not the same file any more, which the checksum then tells.
  if (statusCode === 416 && have > 0) return { start: have, total: whole, finished: true };
  answer.destroy();
  throw refused(url, statusCode);
}

/** @throws UnrollError `storage` where a folder's disk has less than `bytes` left. */
export function checkSpace(folder: string, bytes: number): void {
  const { bavail, bsize } = onDisk(folder, () => statfsSync(folder));
  if (bavail * bsize >= bytes) return;
  throw new UnrollError(
    'storage',
    'The disk of {0} has {1} MB left and {2} MB are needed; free some space and try again.',
    folder,
    Math.floor((bavail * bsize) / 1e6),
    Math.ceil(bytes / 1e6),
  );
}

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const diskCodes = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EFBIG', 'EISDIR', 'ENOENT']);
const isOfDisk = (error: unknown) => error instanceof Error && 'code' in error && diskCodes.has(String(error.code));
