// Remembers for a day that a download was refused, so that behind a firewall only the first try costs its timeout.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from './folders.mjs';

const dayInMs = 24 * 60 * 60 * 1000;

/** @param {string} name of what was refused, a file name */
function noteOf(name) {
  return path.join(cacheFolder(), `refused-${name}`);
}

/**
 * @param {string} name
 * @param {number} [now] milliseconds since the epoch
 */
export function wasRefused(name, now = Date.now()) {
  const note = statSync(noteOf(name), { throwIfNoEntry: false });
  return note !== undefined && now - note.mtimeMs < dayInMs;
}

/**
 * @param {string} name
 * @param {string} why written into the note, for whoever wonders
 */
export function rememberRefusal(name, why) {
  mkdirSync(cacheFolder(), { recursive: true });
  writeFileSync(noteOf(name), `${why}\n`);
}
