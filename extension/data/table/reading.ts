import { accessSync, constants } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

/** Values of all columns of a series together that are held in memory; those of a longer one are kept in a file. */
export const mostHeld = 20_000_000;

/** How a table is read. */
export interface Reading {
  /** Aborted by whoever does not want it any more. */
  readonly signal?: AbortSignal | undefined;
  /** More values than this are kept in a file; none are where it is left out. */
  readonly held?: number | undefined;
  /** Of a folder of items so many files at most, evenly over all of them; all where it is left out. */
  readonly files?: number | undefined;
  /** The workspace folder, in whose `.unroll` that file is made where there is one. */
  readonly root?: string | undefined;
}

/** Whether so many values are kept in a file. */
export const isTooMany = (values: number, { held }: Reading): boolean => held !== undefined && values > held;

/** A folder for what does not fit into memory. The temporary folder of some systems is memory, so it comes last. */
export function scratchFolder({ root }: Reading = {}): string {
  const folders = [
    ...(root === undefined ? [] : [path.join(root, '.unroll')]),
    ...(process.platform === 'linux' && process.env['TMPDIR'] === undefined ? ['/var/tmp'] : []),
  ];
  return folders.find(isWritable) ?? os.tmpdir();
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
