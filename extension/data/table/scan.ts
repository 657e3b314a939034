import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { UnrollError } from '../../protocol/errors';
import { type Dialect, detectDialect } from './dialect';
import { type Encoding, encodingOf } from './encoding';
import { jsonFor, mistakenFor } from './mistaken';
import { RowCounter } from './rowCounter';

/** What one pass over the bytes of a file tells. */
export interface FileScan {
  readonly fingerprint: string;
  readonly bytes: number;
  /** To tell later whether the file has changed. */
  readonly modified: number;
  /** Text only. */
  readonly text: TextScan | null;
}

/** What a text is, so that its rows can be read. */
export interface TextScan {
  readonly encoding: Encoding;
  readonly dialect: Dialect;
  /** Bytes of the longest row at most, once it is UTF-8. */
  readonly longestRow: number;
  /** Whether rows end in different ways, which DuckDB does not take. */
  readonly mixesEnds: boolean;
  /** Whether `inf` or `1.#INF` stands anywhere, so that it is worth to look for numbers that are infinite. */
  readonly saysInfinite: boolean;
}

/** Files that are not text; their structure is their own. */
export function isBinaryFormat(file: string): boolean {
  return file.toLowerCase().endsWith('.parquet');
}

/** Files of one JSON object a line. */
export function isJsonLines(file: string): boolean {
  return /\.(jsonl|ndjson)$/i.test(file);
}

const chunkBytes = 1 << 20;

/** The file's content hash alone. */
export async function fingerprintOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(file)) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}

/**
 * Hashes a file and checks that it is text of even rows, in one pass.
 * @throws UnrollError `data` with the sentence for whatever is wrong.
 */
export async function scanFile(file: string, signal?: AbortSignal): Promise<FileScan> {
  const hash = createHash('sha256');
  const { mtimeMs } = await statFile(file);
  let text: TextCheck | null = null;
  let bytes = 0;
  for await (const chunk of chunksOf(file)) {
    signal?.throwIfAborted();
    bytes += chunk.length;
    hash.update(chunk);
    if (isBinaryFormat(file)) continue;
    text ??= new TextCheck(file, chunk);
    text.add(chunk);
  }
  if (bytes === 0) throw new UnrollError('data', '{0} is empty; choose a file with a header and rows.', file);
  return { fingerprint: `sha256:${hash.digest('hex')}`, bytes, modified: mtimeMs, text: text?.finish() ?? null };
}

/** Throws unless the file is still the one that was scanned. */
export async function refuseChanged(file: string, scan: FileScan): Promise<void> {
  const { size, mtimeMs } = await statFile(file);
  if (size === scan.bytes && mtimeMs === scan.modified) return;
  throw new UnrollError('data', '{0} changed while it was being read; try again when nothing writes to it.', file);
}

/** Counts rows until it finds something wrong with them, and keeps what that is. */
class RowCheck {
  problem: unknown = null;

  constructor(private readonly rows: RowCounter) {}

  /** Whether what is wrong, or odd, is that quotes were taken for more than text. */
  get quotesAreText(): boolean {
    return this.problem !== null || this.rows.strayQuotes > 0;
  }

  get longestRow(): number {
    return this.rows.longestRow;
  }

  get mixesEnds(): boolean {
    return this.rows.mixesEnds;
  }

  add(units: Uint8Array | Uint16Array): void {
    this.take(() => this.rows.add(units));
  }

  finish(): void {
    this.take(() => this.rows.finish());
  }

  private take(work: () => void): void {
    if (this.problem !== null) return;
    try {
      work();
    } catch (error) {
      this.problem = error;
    }
  }
}

/** The encoding, the dialect, and whether the rows are even. */
class TextCheck {
  private readonly encoding: Exclude<Encoding, 'mixed'>;
  private readonly dialect: Dialect;
  /** The rows, and where fields are between tabs the rows as they would be if quotes were nothing but text. */
  private readonly rows: RowCheck | null;
  private readonly literal: RowCheck | null;
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true });
  private validUtf8 = true;
  private saysInfinite = false;
  private isFirst = true;
  private pending = Buffer.alloc(0);

  constructor(
    private readonly file: string,
    head: Buffer,
  ) {
    const mistaken = mistakenFor(file, head);
    if (mistaken !== null) throw mistaken;
    this.encoding = encodingOf(head.subarray(0, headBytes));
    const text = headText(head.subarray(0, headBytes), this.encoding).replace(/^\uFEFF/, '');
    const json = isJsonLines(file) ? null : jsonFor(file, text);
    if (json !== null) throw json;
    this.dialect = detectDialect(text);
    const check = (quotes: boolean) => new RowCheck(new RowCounter(file, { ...this.dialect, quotes }));
    this.rows = isJsonLines(file) ? null : check(true);
    // Tabs hardly stand in a text, so whoever separates with them need not quote; and then a quote is a quote.
    this.literal = this.rows !== null && this.dialect.delimiter === '\t' ? check(false) : null;
  }

  add(chunk: Buffer): void {
    this.saysInfinite ||= infinite.test(chunk.toString('latin1'));
    if (this.encoding !== 'utf-8') {
      // Code units may lie across two chunks.
      const bytes = Buffer.concat([this.pending, chunk]);
      const even = bytes.length & ~1;
      this.pending = bytes.subarray(even);
      const units = new Uint16Array(even / 2);
      for (let i = 0; i < units.length; i++) {
        units[i] = this.encoding === 'utf-16le' ? bytes.readUInt16LE(2 * i) : bytes.readUInt16BE(2 * i);
      }
      this.count(units);
      return;
    }
    if (chunk.includes(0)) {
      throw new UnrollError(
        'data',
        '{0} is not text: it holds bytes that no CSV has; choose a text file with rows and columns.',
        this.file,
      );
    }
    if (this.validUtf8) this.validUtf8 = this.decodes(chunk);
    // The mark is no part of the first field, which may begin with a quote.
    const isMarked = this.isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    this.isFirst = false;
    this.count(isMarked ? chunk.subarray(3) : chunk);
  }

  finish(): FileScan['text'] {
    if (this.encoding === 'utf-8' && this.validUtf8) this.validUtf8 = this.decodes(null);
    const { rows, literal, dialect, saysInfinite } = this;
    const encoding = this.validUtf8 ? this.encoding : 'mixed';
    for (const each of [rows, literal]) each?.finish();
    const isLiteral = rows?.quotesAreText === true && literal?.problem === null;
    if (rows?.problem && !isLiteral) throw rows.problem;
    const read = isLiteral ? literal : rows;
    const longestRow = bytesInUtf8[encoding] * (read?.longestRow ?? 0);
    const mixesEnds = read?.mixesEnds ?? false;
    return { encoding, dialect: { ...dialect, quotes: !isLiteral }, longestRow, mixesEnds, saysInfinite };
  }

  private count(units: Uint8Array | Uint16Array): void {
    this.rows?.add(units);
    this.literal?.add(units);
    if (this.rows?.problem && (this.literal === null || this.literal.problem)) throw this.rows.problem;
  }

  private decodes(chunk: Buffer | null): boolean {
    try {
      if (chunk === null) this.utf8.decode();
      else this.utf8.decode(chunk, { stream: true });
      return true;
    } catch {
      return false;
    }
  }
}

const headBytes = 1 << 16;

/** At UTF-16's every other byte, or together. A few letters more or less decide nothing: it is only worth to look. */
const infinite = /i\0?n\0?f/i;

/** So many bytes of UTF-8 a unit of each encoding is at most. */
const bytesInUtf8: Readonly<Record<Encoding, number>> = { 'utf-8': 1, 'utf-16le': 3, 'utf-16be': 3, mixed: 3 };

/** The beginning of a text, whose last character may be cut in two. */
export function headText(head: Buffer, encoding: Encoding): string {
  const even = Buffer.from(head.subarray(0, head.length & ~1));
  if (encoding === 'utf-16le') return even.toString('utf16le');
  return encoding === 'utf-16be' ? even.swap16().toString('utf16le') : head.toString('utf8');
}

/** The bytes of a file; a chunk is good until the next one is asked for. */
export async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  await statFile(file);
  const handle = await open(file, 'r').catch((error) => {
    throw fileError(file, error);
  });
  try {
    const buffer = Buffer.alloc(chunkBytes);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes).catch((error) => {
        throw fileError(file, error);
      });
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** Looks before opening: opening a pipe would wait for whoever writes to it. */
export async function statFile(file: string): Promise<{ size: number; mtimeMs: number }> {
  const found = await stat(file).catch((error) => {
    throw fileError(file, error);
  });
  if (found.isDirectory()) throw fileError(file, { code: 'EISDIR' });
  if (!found.isFile()) throw fileError(file, { code: 'ENOTFILE' });
  return found;
}

/** The sentence for a file that the system does not let us read. */
export function fileError(file: string, error: unknown): UnrollError {
  const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : String(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UnrollError('data', '{0} is not there (any more); choose a file that exists.', file);
    case 'EISDIR':
      return new UnrollError('data', '{0} is a folder; choose a data file in it.', file);
    case 'ENOTFILE':
      return new UnrollError('data', '{0} is a device or a pipe; choose a data file.', file);
    case 'EACCES':
    case 'EPERM':
      return new UnrollError(
        'data',
        '{0} may not be read by this user; change its permissions or choose another file.',
        file,
      );
    default:
      return new UnrollError('data', '{0} cannot be read ({1}); check the disk or choose another file.', file, code);
  }
}
