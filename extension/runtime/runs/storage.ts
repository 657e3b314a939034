import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { UnrollError } from '../../protocol/errors';

/** Turns what the file system refused into a sentence; leaves everything else as it is. `file` is what could not be written. */
export function storageError(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  if (code === null || error instanceof UnrollError) return error;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new UnrollError(
        'storage',
        'The disk is full, so {0} could not be written; free some space and try again.',
        file,
      );
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return new UnrollError(
        'storage',
        '{0} may not be written here; change the permissions of its folder or choose another folder.',
        file,
      );
    case 'ENOENT':
    case 'ENOTDIR':
      return new UnrollError(
        'storage',
        '{0} cannot be written because the folder that should hold it does not exist; create it or choose another folder.',
        file,
      );
    default:
      return new UnrollError('storage', '{0} could not be written ({1}); check the disk and try again.', file, code);
  }
}

/** Runs `act`; what the file system refuses in it is thrown as an {@link UnrollError} `storage` about `file`. */
export function onDisk<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw storageError(error, file);
  }
}

let temporaries = 0;

/**
 * Replaces a file in one step: whoever reads it, at any moment, finds the old content or the new and never a part of it.
 * `durable` also waits until the disk has it, so that it outlives a power cut.
 * @throws UnrollError `storage`; nothing half-written is left behind.
 */
export function writeAtomic(file: string, content: string | readonly Uint8Array[], durable = false): void {
  // Hidden, and named after its writer: two writers never share one.
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}-${temporaries++}.tmp`);
  onDisk(file, () => {
    try {
      const descriptor = openSync(temporary, 'wx');
      try {
        for (const part of typeof content === 'string' ? [Buffer.from(content)] : content) writeAll(descriptor, part);
        if (durable) fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      replaceFile(temporary, file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/** Takes away what a killed process left unfinished in a folder; to be called only while nobody else writes there. */
export function removeTemporaries(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (/^\..+\.tmp$/.test(name)) rmSync(path.join(folder, name), { force: true });
  }
}

/** On Windows a virus scanner or an indexer may hold a file for a moment, and then the rename fails for that moment. */
function replaceFile(from: string, to: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (process.platform !== 'win32' || attempt === 10 || !['EPERM', 'EACCES', 'EBUSY'].includes(code)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** Writes every byte: one call may write fewer than it is given. */
export function writeAll(descriptor: number, bytes: Uint8Array, position?: number): void {
  for (let done = 0; done < bytes.byteLength; ) {
    const at = position === undefined ? null : position + done;
    done += writeSync(descriptor, bytes, done, bytes.byteLength - done, at);
  }
}
