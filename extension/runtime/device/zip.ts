import { closeSync, createReadStream, createWriteStream, openSync, readSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { UnrollError } from '../../protocol/errors';
import { onDisk, storageError } from '../runs/storage';

/** A file in a ZIP archive. */
export interface ZipEntry {
  readonly name: string;
  /** 0 is stored, 8 is deflated. */
  readonly method: number;
  readonly compressed: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
}

// The records of PKWARE's APPNOTE, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3: their signatures and fixed sizes.
const local = { signature: 0x04034b50, size: 30 };
const central = { signature: 0x02014b50, size: 46 };
const end = { signature: 0x06054b50, size: 22 };
const end64Locator = { signature: 0x07064b50, size: 20 };
const end64 = { signature: 0x06064b50, size: 56 };
/** Stands for a number that needs 64 bits and is elsewhere. */
const elsewhere = 0xffffffff;
const longestComment = 0xffff;

/** What a ZIP archive holds, archives over 4 GB included. @throws UnrollError `network` where it is damaged. */
export function readZip(file: string): readonly ZipEntry[] {
  return withFile(file, (read, length) => {
    const { offset, size } = directoryOf(file, read, length);
    const directory = read(offset, size);
    const entries: ZipEntry[] = [];
    for (let at = 0; at + central.size <= size && directory.readUInt32LE(at) === central.signature; ) {
      const nameLength = directory.readUInt16LE(at + 28);
      const extraLength = directory.readUInt16LE(at + 30);
      const name = directory.toString('utf8', at + central.size, at + central.size + nameLength);
      const extra = directory.subarray(at + central.size + nameLength, at + central.size + nameLength + extraLength);
      // A number that does not fit stands in the extra field of kind 1, in this order.
      const wide = wideNumbers(extra);
      const number = (position: number) => {
        const short = directory.readUInt32LE(at + position);
        return short === elsewhere ? Number(wide.shift() ?? 0n) : short;
      };
      const unpacked = number(24);
      const compressed = number(20);
      entries.push({ name, method: directory.readUInt16LE(at + 10), size: unpacked, compressed, offset: number(42) });
      at += central.size + nameLength + extraLength + directory.readUInt16LE(at + 32);
    }
    if (entries.length === 0) throw damaged(file);
    return entries;
  });
}

/** Unpacks one file of an archive. @throws UnrollError `network` where it is damaged, `storage` where the disk refuses. */
export async function unzip(archive: string, entry: ZipEntry, to: string, signal?: AbortSignal): Promise<void> {
  const start = withFile(archive, (read) => {
    const header = read(entry.offset, local.size);
    if (header.readUInt32LE(0) !== local.signature || (entry.method !== 0 && entry.method !== 8))
      throw damaged(archive);
    return entry.offset + local.size + header.readUInt16LE(26) + header.readUInt16LE(28);
  });
  const packed = createReadStream(archive, { start, end: start + entry.compressed - 1 });
  const onto = createWriteStream(to, { flags: 'wx' });
  const stop = { ...(signal && { signal }) };
  try {
    if (entry.method === 0) await pipeline(packed, onto, stop);
    else await pipeline(packed, createInflateRaw(), onto, stop);
  } catch (error) {
    if (signal?.aborted) throw new UnrollError('cancelled', 'Cancelled.');
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw code.startsWith('Z_') ? damaged(archive) : storageError(error, to);
  }
  if (statSync(to).size !== entry.size) throw damaged(archive);
}

type Read = (offset: number, length: number) => Buffer;

function directoryOf(file: string, read: Read, length: number): { readonly offset: number; readonly size: number } {
  const tailLength = Math.min(length, end.size + longestComment);
  const tail = read(length - tailLength, tailLength);
  for (let at = tailLength - end.size; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== end.signature) continue;
    const size = tail.readUInt32LE(at + 12);
    const offset = tail.readUInt32LE(at + 16);
    if (size !== elsewhere && offset !== elsewhere) return { offset, size };
    const locator = read(length - tailLength + at - end64Locator.size, end64Locator.size);
    if (locator.readUInt32LE(0) !== end64Locator.signature) break;
    const wide = read(Number(locator.readBigUInt64LE(8)), end64.size);
    if (wide.readUInt32LE(0) !== end64.signature) break;
    return { size: Number(wide.readBigUInt64LE(40)), offset: Number(wide.readBigUInt64LE(48)) };
  }
  throw damaged(file);
}

function wideNumbers(extra: Buffer): bigint[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    const count = Math.floor(extra.readUInt16LE(at + 2) / 8);
    return Array.from({ length: count }, (_, i) => extra.readBigUInt64LE(at + 4 + 8 * i));
  }
  return [];
}

function withFile<T>(file: string, use: (read: Read, length: number) => T): T {
  const descriptor = onDisk(file, () => openSync(file, 'r'));
  try {
    return use((offset, length) => {
      const buffer = Buffer.alloc(Math.max(0, length));
      if (offset < 0 || readSync(descriptor, buffer, 0, buffer.length, offset) !== length) throw damaged(file);
      return buffer;
    }, statSync(file).size);
  } finally {
    closeSync(descriptor);
  }
}

const damaged = (file: string) =>
  new UnrollError('network', '{0} is damaged or no archive; run "unroll setup-cuda" again.', file);
