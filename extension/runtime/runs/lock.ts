import { randomUUID } from 'node:crypto';
import { constants, copyFileSync, linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { z } from 'zod';
import { UnrollError } from '../../protocol/errors';
import { onDisk, writeAtomic } from './storage';

const ownerSchema = z.strictObject({ host: z.string(), pid: z.int().min(1), started: z.string().nullable() });
type Owner = z.infer<typeof ownerSchema>;

const heartbeatMs = 15_000;
// Another machine's process cannot be asked; its lock is live while its heartbeat is this fresh (clocks differ a little).
const remoteLifeMs = 4 * heartbeatMs;

const noLinks = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

const lockFile = (dir: string) => path.join(dir, '.lock');

/** True while a process that still lives trains the run in `dir`. */
export function isLocked(dir: string): boolean {
  return isLive(lockFile(dir));
}

/** Held while a run trains, so that nobody else trains it at the same time and a killed run is known from a live one. */
export class RunLock {
  private readonly heartbeat: NodeJS.Timeout;

  private constructor(private readonly file: string) {
    this.heartbeat = setInterval(() => this.beat(), heartbeatMs).unref();
  }

  /** @throws UnrollError `run` where a live process holds the run; `storage` where the folder cannot be written. */
  static acquire(dir: string): RunLock {
    const file = lockFile(dir);
    const mine = path.join(dir, `.lock.${randomUUID()}.tmp`);
    const owner: Owner = { host: os.hostname(), pid: process.pid, started: startOf(process.pid) };
    writeAtomic(mine, `${JSON.stringify(owner)}\n`);
    try {
      // A link fails where the name is taken, so of two processes that try at once only one succeeds.
      if (!tryLink(mine, file)) {
        removeDead(file, dir);
        if (!tryLink(mine, file)) throw busy(dir);
      }
    } finally {
      rmSync(mine, { force: true });
    }
    return new RunLock(file);
  }

  release(): void {
    clearInterval(this.heartbeat);
    rmSync(this.file, { force: true });
  }

  private beat(): void {
    try {
      const now = new Date();
      utimesSync(this.file, now, now);
    } catch {
      // The folder may be gone or read-only; the training itself will say so when it writes.
    }
  }
}

function tryLink(from: string, to: string): boolean {
  return onDisk(to, () => {
    for (const take of [() => linkSync(from, to), () => copyFileSync(from, to, constants.COPYFILE_EXCL)]) {
      try {
        take();
        return true;
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : null;
        if (code === 'EEXIST') return false;
        // Some file systems know no links; there an exclusive copy does nearly as well.
        if (!noLinks.has(String(code))) throw error;
      }
    }
    return false;
  });
}

/** Takes a dead process's lock away. The name is freed by a rename, so that a lock that was renewed meanwhile is seen and put back. */
function removeDead(file: string, dir: string): void {
  if (isLive(file)) throw busy(dir);
  const aside = `${file}.${randomUUID()}.tmp`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  try {
    if (!isLive(aside)) return;
    tryLink(aside, file);
    throw busy(dir);
  } finally {
    rmSync(aside, { force: true });
  }
}

function isLive(file: string): boolean {
  let owner: Owner;
  let age: number;
  try {
    owner = ownerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    age = Date.now() - statSync(file).mtimeMs;
  } catch {
    return false;
  }
  if (owner.host !== os.hostname()) return age < remoteLifeMs;
  return isAlive(owner.pid) && (owner.started === null || owner.started === startOf(owner.pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * When a process started, where the platform tells: a number that is used again belongs to another process. Null also for one that
 * was killed and whose parent has not asked for it yet: it keeps its number and does nothing any more.
 */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; the first field after it is the state, the 20th the start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

const busy = (dir: string) =>
  new UnrollError('run', '{0} is being trained by another process; stop it there first.', path.basename(dir));
