import { createHash } from 'node:crypto';
import { UnrollError } from '../../protocol/errors';
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
}

/**
 * Reads a UTF-8 text; a byte order mark at its start is not part of it.
 * @throws UnrollError `data` where the file is no such text, is empty or is too big.
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
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const places = new Map<string, number>();
  // No character is shorter than a byte. A file that grows meanwhile is read as far as it was long.
  const numbers = new Uint16Array(size);
  let length = 0;
  const take = (text: string) => {
    for (const character of text) {
      const place = places.get(character) ?? places.size;
      places.set(character, place);
      numbers[length++] = place;
    }
    if (places.size > mostCharacters || places.has('\0')) throw notText(file);
  };
  for await (const chunk of chunksOf(file)) {
    hash.update(chunk);
    take(decoded(file, () => decoder.decode(chunk, { stream: true })));
  }
  take(decoded(file, () => decoder.decode()));
  if (length === 0) throw new UnrollError('data', '{0} is empty; choose a text with something to read.', file);
  return {
    file,
    fingerprint: `sha256:${hash.digest('hex')}`,
    distinct: [...places.keys()],
    numbers: numbers.subarray(0, length),
  };
}

function decoded(file: string, decode: () => string): string {
  try {
    return decode();
  } catch {
    throw notText(file);
  }
}

const notText = (file: string) =>
  new UnrollError('data', '{0} is not text in UTF-8; save it as UTF-8, or choose a text file.', file);
