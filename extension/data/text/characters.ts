import { createHash } from 'node:crypto';
import { UnrollError } from '../../protocol/errors';
import type { Message } from '../../protocol/messages';
import { decoded, type Encoding, encodingOf, notesOnEncoding, type OtherLines } from '../table/encoding';
import { chunksOf, statFile } from '../table/scan';

/** A longer text does not fit in memory comfortably. */
export const mostBytes = 256 * 1024 * 1024;

/** More different characters than a token's number can tell apart; no script has as many. */
const mostCharacters = 65_535;

/** A text file as characters (Unicode code points), or as words. */
export interface Characters {
  readonly file: string;
  readonly fingerprint: string;
  /** The different characters in order of first appearance. */
  readonly distinct: readonly string[];
  /** One entry a character of the text: its number in `distinct`. */
  readonly numbers: Uint16Array | Uint32Array;
  /** What was read otherwise than it stands there, in words. */
  readonly notes: readonly Message[];
}

/**
 * Reads a text; a byte order mark at its start is not part of it. What is no UTF-8 is read as `encoding.ts` finds it, and the notes say so.
 * @throws UnrollError `data` where the file is no text, is empty or is too big.
 */
export async function readCharacters(file: string): Promise<Characters> {
  const { size } = await statFile(file);
  if (size > mostBytes) {
    throw new UnrollError(
      'data',
      '{0} has {1} MB of text, and at most {2} MB can be read; cut it into smaller files.',
      file,
      Math.ceil(size / (1024 * 1024)),
      mostBytes / (1024 * 1024),
    );
  }
  const { encoding, fingerprint } = await encodingAndHash(file);
  const places = new Map<string, number>();
  // No character is shorter than a byte. A file that grows meanwhile is read as far as it was long.
  const numbers = new Uint16Array(size);
  let length = 0;
  const others: OtherLines = { lines: 0, first: 0 };
  for await (const text of decoded(file, encoding, others)) {
    for (const character of length === 0 ? text.replace(/^\uFEFF/, '') : text) {
      const place = places.get(character) ?? places.size;
      places.set(character, place);
      numbers[length++] = place;
    }
    if (places.size > mostCharacters || places.has('\0')) throw notText(file);
  }
  if (length === 0) throw new UnrollError('data', '{0} is empty; choose a text with something to read.', file);
  return {
    file,
    fingerprint,
    distinct: [...places.keys()],
    numbers: numbers.subarray(0, length),
    notes: notesOnEncoding(encoding, others),
  };
}

/** How a text is encoded, as far as all of its bytes tell, and the hash of its content. */
export async function encodingAndHash(
  file: string,
): Promise<{ readonly encoding: Encoding; readonly fingerprint: string }> {
  const hash = createHash('sha256');
  let encoding: Encoding | null = null;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const isUtf8 = (decode: () => string) => {
    try {
      decode();
      return true;
    } catch {
      return false;
    }
  };
  for await (const chunk of chunksOf(file)) {
    hash.update(chunk);
    encoding ??= encodingOf(chunk);
    if (encoding === 'utf-8' && !isUtf8(() => decoder.decode(chunk, { stream: true }))) encoding = 'mixed';
  }
  if (encoding === 'utf-8' && !isUtf8(() => decoder.decode())) encoding = 'mixed';
  return { encoding: encoding ?? 'utf-8', fingerprint: `sha256:${hash.digest('hex')}` };
}

export const notText = (file: string) =>
  new UnrollError('data', '{0} is not text in UTF-8; save it as UTF-8, or choose a text file.', file);
