import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import { type Reading, scratchFolder } from '../table/reading';

/** Closes the files that nobody reads any more. */
const forgotten = new FinalizationRegistry<number>((descriptor) => closeSync(descriptor));

/** A file of this process alone: it has no name any more once it is made, so that its room is free again however the process ends. */
export class ScratchFile {
  private isOpen = true;

  private constructor(private readonly descriptor: number) {
    forgotten.register(this, descriptor, this);
  }

  /** @throws UnrollError `data` where no file can be made. */
  static make(reading: Reading): ScratchFile {
    try {
      const file = path.join(scratchFolder(reading), `.unroll-rows-${randomUUID()}`);
      const descriptor = openSync(file, 'wx+', 0o600);
      unlinkSync(file);
      return new ScratchFile(descriptor);
    } catch (error) {
      throw cannotKeep(error);
    }
  }

  /** Writes all bytes of an array at a place in the file. @throws UnrollError `data` where the disk does not take them. */
  write(values: ArrayBufferView, at: number): void {
    const bytes = bytesOf(values);
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.descriptor, bytes, done, bytes.length - done, at + done);
      }
    } catch (error) {
      throw cannotKeep(error);
    }
  }

  /** Fills an array with the bytes at a place in the file. @throws UnrollError `data` where they are not there. */
  read(into: ArrayBufferView, at: number): void {
    const bytes = bytesOf(into);
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(this.descriptor, bytes, done, bytes.length - done, at + done);
      if (read === 0) throw cannotKeep('EOF');
      done += read;
    }
  }

  /** To be called where it is certain that nobody reads it again; else it is closed some time after the last reader is gone. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    forgotten.unregister(this);
    closeSync(this.descriptor);
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => new Uint8Array(buffer, byteOffset, byteLength);

function cannotKeep(error: unknown): UnrollError {
  const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : String(error);
  return new UnrollError(
    'data',
    'The rows are too many to be held in memory and cannot be kept on the disk either ({0}); make room on the disk, or choose fewer columns.',
    code,
  );
}
