import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { isLocked, RunLock } from '../../../../extension/runtime/runs/lock';
import { newFolder, removeFolders } from '../sampleData';

const lockOf = (dir: string) => path.join(dir, '.lock');
const writeLock = (dir: string, owner: object) => writeFileSync(lockOf(dir), JSON.stringify(owner));

/** The number of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

describe('runs/lock', () => {
  after(removeFolders);

  it('is held once and free again after its release', () => {
    const dir = newFolder();
    const lock = RunLock.acquire(dir);
    assert.equal(isLocked(dir), true);
    assert.throws(() => RunLock.acquire(dir), { code: 'run' });
    assert.deepEqual(readdirSync(dir), ['.lock']);
    lock.release();
    assert.equal(isLocked(dir), false);
    RunLock.acquire(dir).release();
    assert.equal(existsSync(lockOf(dir)), false);
  });

  it('is taken from a process that has died', () => {
    const dir = newFolder();
    writeLock(dir, { host: os.hostname(), pid: deadPid(), started: null });
    assert.equal(isLocked(dir), false);
    const lock = RunLock.acquire(dir);
    assert.equal(JSON.parse(readFileSync(lockOf(dir), 'utf8')).pid, process.pid);
    assert.deepEqual(readdirSync(dir), ['.lock']);
    lock.release();
  });

  it('knows a process number that is used again, where the platform tells when a process started', () => {
    const dir = newFolder();
    const own = RunLock.acquire(dir);
    const { started } = JSON.parse(readFileSync(lockOf(dir), 'utf8'));
    own.release();
    const reused = started === null ? null : 'another time';
    writeLock(dir, { host: os.hostname(), pid: process.pid, started: reused });
    assert.equal(started !== null, process.platform === 'linux');
    assert.equal(isLocked(dir), started === null);
    writeLock(dir, { host: os.hostname(), pid: process.pid, started });
    assert.equal(isLocked(dir), true);
  });

  it('is taken from a process that was killed and that its parent has not asked for', async function () {
    if (process.platform !== 'linux') this.skip();
    // The shell becomes a sleep that never asks for the child it had before, which ends only then.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60']);
    try {
      const [line] = await once(parent.stdout, 'data');
      const pid = Number(String(line));
      const fields = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      while (fields()[0] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 10));
      const dir = newFolder();
      writeLock(dir, { host: os.hostname(), pid, started: fields()[19] });
      assert.equal(isLocked(dir), false);
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it("believes another machine's lock while its heartbeat is fresh", () => {
    const dir = newFolder();
    writeLock(dir, { host: 'elsewhere', pid: 1, started: null });
    assert.equal(isLocked(dir), true);
    const longAgo = new Date(Date.now() - 600_000);
    utimesSync(lockOf(dir), longAgo, longAgo);
    assert.equal(isLocked(dir), false);
  });

  it('is not fooled by a damaged lock', () => {
    const dir = newFolder();
    writeFileSync(lockOf(dir), '{');
    assert.equal(isLocked(dir), false);
    RunLock.acquire(dir).release();
  });
});
