import { createHash } from 'node:crypto';
import { type Message, message } from '../../protocol/messages';
import type { Sound } from './wav';

/** For each sound the number of the first one with the same samples, so that copies of a sound can be kept in one part. */
export function firstEqual(sounds: readonly Sound[]): Int32Array {
  const firsts = new Map<string, number>();
  return Int32Array.from(sounds, ({ samples }, item) => {
    const { buffer, byteOffset, byteLength } = samples;
    const hash = createHash('sha256')
      .update(new Uint8Array(buffer, byteOffset, byteLength))
      .digest('base64');
    const first = firsts.get(hash) ?? item;
    firsts.set(hash, first);
    return first;
  });
}

/** What is to be said of copies. */
export function notesOnEqual(firsts: Int32Array, names: readonly string[]): Message[] {
  const copies = names.filter((_, item) => firsts[item] !== item);
  return copies.length === 0
    ? []
    : [
        message(
          '{0} sounds are the same as another one, the first of them {1}; equal sounds are in the same part.',
          copies.length,
          copies[0] ?? '',
        ),
      ];
}
