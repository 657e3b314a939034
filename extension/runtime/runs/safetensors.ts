import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { sizeOf } from '../../core/tensor';
import { UnrollError } from '../../protocol/errors';

/** A float32 array and its shape, row-major. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What a safetensors file holds. */
export interface SafeTensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

// The header is JSON about names, shapes and offsets: more than this is not a header.
const longestHeader = 16 * 1024 * 1024;
const metadataKey = '__metadata__';

/**
 * The bytes of a safetensors file, in parts to be written one after the other: the header's length in 8 bytes, little-endian; the
 * header in JSON, padded with spaces so that the data is aligned; the data of all tensors in the order of the header.
 */
export function encodeSafeTensors({ tensors, metadata }: SafeTensors): Uint8Array[] {
  const header: Record<string, unknown> = { [metadataKey]: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const parts = [...tensors.values()].map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return [length, padded, ...parts];
}

/**
 * Reads a safetensors file of float32 tensors. Every length is checked against the bytes that are there before anything is allocated.
 * @param where names the file in the error.
 * @throws UnrollError `run` where the bytes are no such file.
 */
export function decodeSafeTensors(bytes: Uint8Array, where: string): SafeTensors {
  const { header, start } = readHeader(bytes, where);
  const tensors = new Map<string, StoredTensor>();
  let end = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === metadataKey) continue;
    const { shape, from, to } = readEntry(entry, bytes.byteLength - start, where);
    // Tensors lie one after the other without gaps, so no byte is read twice and none is missed.
    if (from !== end) throw damaged(where);
    end = to;
    // A copy in a buffer of its own, because the bytes need not be aligned; slice() of a Buffer would only be another view.
    tensors.set(name, {
      shape,
      data: new Float32Array(new Uint8Array(bytes.subarray(start + from, start + to)).buffer),
    });
  }
  if (start + end !== bytes.byteLength) throw damaged(where);
  return { tensors, metadata: readMetadata(header[metadataKey], where) };
}

/** The metadata of a safetensors file on disk; of the file only the header is read. @throws UnrollError `run` as above. */
export function readSafeTensorsMetadata(file: string): Readonly<Record<string, string>> {
  const descriptor = openSync(file, 'r');
  try {
    const length = Buffer.alloc(8);
    const read = readSync(descriptor, length, 0, length.length, 0);
    const wanted = Math.min(Number(length.readBigUInt64LE()), longestHeader, fstatSync(descriptor).size);
    const start = Buffer.alloc(8 + wanted);
    const bytes = start.subarray(0, readSync(descriptor, start, 0, start.length, 0));
    if (read < length.length) throw damaged(file);
    return readMetadata(readHeader(bytes, file).header[metadataKey], file);
  } finally {
    closeSync(descriptor);
  }
}

function readHeader(bytes: Uint8Array, where: string): { header: Record<string, unknown>; start: number } {
  if (bytes.byteLength < 8) throw damaged(where);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > longestHeader || length > bytes.byteLength - 8) throw damaged(where);
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + 8, length).toString('utf8'));
  } catch {
    throw damaged(where);
  }
  if (!isRecord(header)) throw damaged(where);
  return { header, start: 8 + length };
}

function readEntry(entry: unknown, available: number, where: string): { shape: number[]; from: number; to: number } {
  if (!isRecord(entry) || entry['dtype'] !== 'F32') throw damaged(where);
  const shape = entry['shape'];
  const offsets = entry['data_offsets'];
  if (!isCounts(shape) || !isCounts(offsets)) throw damaged(where);
  const [from, to] = offsets;
  if (offsets.length !== 2 || from === undefined || to === undefined) throw damaged(where);
  if (to > available || to - from !== sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT) throw damaged(where);
  return { shape, from, to };
}

function readMetadata(value: unknown, where: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw damaged(where);
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) => {
      if (typeof text !== 'string') throw damaged(where);
      return [key, text];
    }),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);

const damaged = (where: string) =>
  new UnrollError('run', '{0} is damaged and cannot be read; delete it and start the run from its beginning.', where);
