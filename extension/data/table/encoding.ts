import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Message, message } from '../../protocol/messages';
import { type Reading, scratchFolder } from './reading';
import { chunksOf, type FileScan } from './scan';

/** How a text is encoded. `mixed` has lines that are no UTF-8; each such line is read as Windows-1252, which holds Latin-1. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'mixed';

/** A text of two bytes a character has a zero in one of each two, wherever it is written in Latin letters. */
const mostZeros = 0.4;
const fewestZeros = 0.02;

/** What the first bytes tell: by a byte order mark, else by where zeros stand. A text without either is UTF-8 until it is not. */
export function encodingOf(head: Buffer): Exclude<Encoding, 'mixed'> {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const units = head.length >> 1;
  const zeros = [0, 0];
  for (let i = 0; i < 2 * units; i++) if (head[i] === 0) zeros[i & 1] = (zeros[i & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd >= mostZeros * units && even <= fewestZeros * units && odd > 0) return 'utf-16le';
  if (even >= mostZeros * units && odd <= fewestZeros * units && even > 0) return 'utf-16be';
  return 'utf-8';
}

/**
 * Runs `use` with a file that holds the text in UTF-8: the file itself where it is that, else a copy that is gone afterwards. The
 * notes say what had to be read otherwise.
 */
export async function withUtf8<T>(
  file: string,
  { text }: FileScan,
  reading: Reading,
  use: (readable: string, notes: readonly Message[]) => Promise<T>,
): Promise<T> {
  if (text === null || (text.encoding === 'utf-8' && !text.mixesEnds)) return use(file, []);
  const folder = await mkdtemp(path.join(scratchFolder(reading), '.unroll-utf8-'));
  try {
    const copy = path.join(folder, 'copy.csv');
    const read = { lines: 0, first: 0 };
    await pipeline(withOneEnd(decoded(file, text.encoding, read)), createWriteStream(copy));
    const notes = notesOnEncoding(text.encoding, read);
    if (text.mixesEnds) notes.unshift(message('Lines end in different ways and were read as if they ended alike.'));
    return await use(copy, notes);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How many lines of a text were no UTF-8, and which is the first of them, from 1. */
export interface OtherLines {
  lines: number;
  first: number;
}

/** What is to be said of a text that was not read as UTF-8. */
export function notesOnEncoding(encoding: Encoding, read: OtherLines): Message[] {
  const notes: Message[] = [];
  if (read.lines > 0)
    notes.push(
      message(
        '{0} lines are not UTF-8, the first of them line {1}, and were read as Windows-1252 (Western European).',
        read.lines,
        read.first,
      ),
    );
  if (encoding.startsWith('utf-16')) notes.push(message('The file is UTF-16 and was read as that.'));
  return notes;
}

/** The same text with a line feed at the end of every line. */
async function* withOneEnd(text: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const part of text) {
    const whole = held + part;
    held = whole.endsWith('\r') ? '\r' : '';
    yield whole.slice(0, whole.length - held.length).replace(/\r\n?/g, '\n');
  }
  if (held !== '') yield '\n';
}

/** A text piece by piece; a byte order mark of UTF-8 is part of it. `read` counts the lines that are not in UTF-8. */
export async function* decoded(file: string, encoding: Encoding, read: OtherLines): AsyncGenerator<string> {
  if (encoding === 'utf-16le' || encoding === 'utf-16be') {
    const decoder = new TextDecoder('utf-16le');
    let odd = Buffer.alloc(0);
    for await (const chunk of chunksOf(file)) {
      const bytes = Buffer.concat([odd, chunk]);
      const even = bytes.length & ~1;
      odd = bytes.subarray(even);
      const units = bytes.subarray(0, even);
      yield decoder.decode(encoding === 'utf-16be' ? Buffer.from(units).swap16() : units, { stream: true });
    }
    yield decoder.decode();
    return;
  }
  let line = 0;
  let rest = Buffer.alloc(0);
  const decodeLine = (bytes: Buffer): string => {
    line++;
    const known = decodedLine(bytes);
    if (known !== null) return known;
    if (read.lines === 0) read.first = line;
    read.lines++;
    return windows1252(bytes);
  };
  for await (const chunk of chunksOf(file)) {
    const bytes = Buffer.concat([rest, chunk]);
    let text = '';
    let start = 0;
    // Whether a carriage return in the last byte ends a line or is half of its end is told by the next chunk.
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] !== lineFeed && (bytes[i] !== carriageReturn || (bytes[i + 1] ?? lineFeed) === lineFeed)) continue;
      text += decodeLine(bytes.subarray(start, i + 1));
      start = i + 1;
    }
    rest = Buffer.from(bytes.subarray(start));
    yield text;
  }
  if (rest.length > 0) yield decodeLine(rest);
}

/** A text that is held whole, in whatever encoding; a byte order mark is no part of it. `isOther` where it is no UTF-8. */
export function decodedWhole(bytes: Buffer): { readonly text: string; readonly isOther: boolean } {
  const encoding = encodingOf(bytes);
  if (encoding !== 'utf-8') {
    const even = Buffer.from(bytes.subarray(0, bytes.length & ~1));
    const units = encoding === 'utf-16be' ? even.swap16() : even;
    return { text: new TextDecoder('utf-16le').decode(units), isOther: true };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), isOther: false };
  } catch {
    const lines = splitLines(bytes).map((line) => decodedLine(line) ?? windows1252(line));
    return { text: lines.join('').replace(/^\uFEFF/, ''), isOther: true };
  }
}

/** The lines of a text with their ends. */
function splitLines(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== lineFeed && (bytes[i] !== carriageReturn || bytes[i + 1] === lineFeed)) continue;
    lines.push(bytes.subarray(start, i + 1));
    start = i + 1;
  }
  return [...lines, bytes.subarray(start)];
}

/** A line of UTF-8; null where it is none. */
function decodedLine(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** Lines are read one by one so that one in another encoding changes no other. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** What 0x80 to 0x9f stand for where they are no control characters. */
const specials = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

const windows1252 = (bytes: Buffer): string =>
  bytes.toString('latin1').replace(/[\x80-\x9f]/g, (each) => specials[each.charCodeAt(0) - 0x80] ?? each);
