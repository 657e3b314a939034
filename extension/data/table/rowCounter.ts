import { UnrollError } from '../../protocol/errors';
import type { Dialect } from './dialect';

/** A longer row is a text, or a quote that was meant for a letter. */
const mostRowUnits = 16 * 1024 * 1024;

/** More columns than this is a table that lies on its side, or no table. */
export const mostColumns = 5000;

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

/**
 * Counts the fields of every line of delimited text, chunk by chunk, and throws at the first line that has not as many as the
 * first one. DuckDB would name the line too, but only where its sniffer gets as far, and else it would guess another dialect.
 */
export class RowCounter {
  private readonly delimiter: number;
  private skip: number;
  private line = 1;
  private lineOfRow = 1;
  private lineOfQuote = 0;
  private fields = 1;
  private expected = 0;
  private blank = true;
  private quoted = false;
  private fieldStart = true;
  private afterReturn = false;
  private closed = false;
  private strays = 0;
  private units = 0;
  private longest = 0;
  private readonly ends = { returns: 0, feeds: 0, both: 0 };
  private readonly quotes: boolean;

  constructor(
    private readonly file: string,
    dialect: Dialect,
  ) {
    this.delimiter = dialect.delimiter.charCodeAt(0);
    this.skip = dialect.skip;
    this.quotes = dialect.quotes;
  }

  /** Quotes that neither open nor close a field: they are part of what is written. */
  get strayQuotes(): number {
    return this.strays;
  }

  /** Whether rows end in different ways. */
  get mixesEnds(): boolean {
    const { returns, feeds, both } = this.ends;
    return [returns - both, feeds, both].filter((count) => count > 0).length > 1;
  }

  /** Units of the longest row so far, quotes and line ends included. */
  get longestRow(): number {
    return this.longest;
  }

  /** Takes bytes of an ASCII-compatible encoding, or UTF-16 code units. */
  add(units: Uint8Array | Uint16Array): void {
    // Where the row began, before these units where it is not complete.
    let start = -this.units;
    for (let i = 0; i < units.length; i++) {
      const unit = units[i];
      if (unit === lineFeed || unit === carriageReturn) {
        if (unit === lineFeed && this.afterReturn) {
          this.afterReturn = false;
          if (!this.quoted) this.ends.both++;
          continue;
        }
        this.afterReturn = unit === carriageReturn;
        this.line++;
        if (!this.quoted) {
          this.ends[unit === lineFeed ? 'feeds' : 'returns']++;
          this.longest = Math.max(this.longest, i + 1 - start);
          start = i + 1;
          this.endRow();
        }
        continue;
      }
      this.afterReturn = false;
      if (unit === quote && this.quotes && !this.quoted && !this.fieldStart) this.strays++;
      if (unit === quote && this.quotes && (this.quoted || this.fieldStart)) {
        // A doubled quote closes and opens again, which comes to the same count.
        if (!this.quoted) this.lineOfQuote = this.line;
        this.quoted = !this.quoted;
        this.closed = !this.quoted;
        this.fieldStart = !this.quoted;
        this.blank = false;
      } else if (unit === this.delimiter && !this.quoted) {
        this.fields++;
        this.fieldStart = true;
        this.closed = false;
        this.blank = false;
      } else if (!this.quoted && unit !== space && unit !== 0xfeff) {
        if (this.closed) this.strays++;
        this.closed = false;
        this.blank = false;
        this.fieldStart = false;
      }
    }
    this.units = units.length - start;
    this.longest = Math.max(this.longest, this.units);
    if (this.longest > mostRowUnits) {
      throw new UnrollError(
        'data',
        '{0} has a row of more than {1} MB, which begins on line {2}; shorten it, or close its quote.',
        this.file,
        mostRowUnits / (1024 * 1024),
        this.lineOfRow,
      );
    }
  }

  /** To be called after the last chunk. */
  finish(): void {
    if (this.quoted && this.skip === 0) {
      throw new UnrollError(
        'data',
        '{0} opens a quote on line {1} and never closes it; close the quote or remove it.',
        this.file,
        this.lineOfQuote,
      );
    }
    this.endRow();
    if (this.expected === 0) {
      throw new UnrollError('data', '{0} is empty; choose a file with a header and rows.', this.file);
    }
  }

  private endRow(): void {
    if (this.skip > 0) this.skip--;
    else if (!this.blank) this.check();
    this.fields = 1;
    this.blank = true;
    this.fieldStart = true;
    this.closed = false;
    this.lineOfRow = this.line;
  }

  private check(): void {
    if (this.expected === 0) {
      if (this.fields > mostColumns) {
        throw new UnrollError(
          'data',
          '{0} has {1} columns, and at most {2} can be read; rows should be steps in time and columns what is measured.',
          this.file,
          this.fields,
          mostColumns,
        );
      }
      this.expected = this.fields;
    } else if (this.fields !== this.expected) {
      throw new UnrollError(
        'data',
        'Line {0} of {1} has {2} values where the first line has {3}; correct that line.',
        this.lineOfRow,
        this.file,
        this.fields,
        this.expected,
      );
    }
  }
}
