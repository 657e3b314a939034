import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { ByteSource } from '../../core/onnx/byteSource';
import { UnrollError } from '../../protocol/errors';

/** One read of the system returns at most about 2 GiB. */
const mostAtOnce = 2 ** 30;

/**
 * Lets pieces of a model file be read while `use` runs.
 * @throws UnrollError `model` where it cannot be read, and what `use` throws.
 */
export function withModelFile<T>(file: string, use: (source: ByteSource) => T): T {
  const handle = opened(file);
  try {
    return use({
      size: fstatSync(handle).size,
      read(offset, length) {
        const bytes = readAt(handle, offset, length);
        if (bytes.length === length) return bytes;
        throw new UnrollError('model', '{0} became shorter while it was read; open it again once it is written.', file);
      },
    });
  } finally {
    closeSync(handle);
  }
}

function opened(file: string): number {
  try {
    // A pipe would keep whoever opens it waiting.
    if (!statSync(file).isFile()) throw Object.assign(new Error(), { code: 'EISDIR' });
    return openSync(file, 'r');
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** What to say of a model file that cannot be read. */
export function unreadable(file: string, error: unknown): UnrollError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new UnrollError('model', '{0} cannot be read ({1}); choose an .onnx file.', file, reason);
}

/** The `length` bytes of an open file from `offset` on; fewer where it ends before. */
export function readAt(handle: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const read = readSync(handle, bytes, done, Math.min(length - done, mostAtOnce), offset + done);
    if (read === 0) return bytes.subarray(0, done);
    done += read;
  }
  return bytes;
}
