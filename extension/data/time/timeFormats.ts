import { literal } from '../table/database';

/** A way to write a time, and the SQL that reads it: an expression of type TIMESTAMP or TIMESTAMPTZ, NULL where it does not fit. */
export interface TimeFormat {
  readonly name: string;
  readonly sql: (column: string) => string;
}

/** Patterns of strptime, tried in this order after ISO 8601. Where two fit, the first under which the rows ascend is taken. */
const patterns = [
  '%Y-%m',
  '%Y/%m',
  '%Y.%m',
  '%m/%d/%Y',
  '%d/%m/%Y',
  '%m/%d/%Y %H:%M',
  '%d/%m/%Y %H:%M',
  '%m/%d/%Y %H:%M:%S',
  '%d/%m/%Y %H:%M:%S',
  '%m/%d/%Y %I:%M %p',
  '%m/%d/%Y %I:%M:%S %p',
  '%m/%d/%y',
  '%d/%m/%y',
  '%d.%m.%Y',
  '%d.%m.%Y %H:%M',
  '%d.%m.%Y %H:%M:%S',
  '%d-%m-%Y',
  '%m-%d-%Y',
  '%d-%m-%Y %H:%M',
  '%m-%d-%Y %H:%M',
  '%Y-%m-%d %H',
  '%m/%Y',
  '%b %Y',
  '%B %Y',
  '%b-%y',
  '%d-%b-%Y',
  '%d %b %Y',
  '%b %d, %Y',
  '%B %d, %Y',
];

/** With a zone the instant is taken; without one the clock is read as UTC, so that every day has 24 hours. */
const iso: TimeFormat = {
  name: 'ISO 8601',
  sql: (column) =>
    `CASE WHEN regexp_matches(${column}, '^\\s*\\d{4}[-/]\\d{1,2}[-/]\\d{1,2}') THEN TRY_CAST(${column} AS TIMESTAMPTZ) END`,
};

/** How text can spell a time. */
export const textTimeFormats: readonly TimeFormat[] = [
  iso,
  ...patterns.map((pattern) => ({
    name: pattern,
    sql: (column: string) => `try_strptime(trim(${column}), ${literal(pattern)})`,
  })),
];

/** How a whole number can stand for a time, where the column's name says that it does. */
export const numberTimeFormats: readonly TimeFormat[] = [
  { name: 'year', sql: (column) => between(column, 1000, 2999, `make_timestamp(${column}, 1, 1, 0, 0, 0.0)`) },
  {
    name: '%Y%m',
    sql: (column) => between(column, 100001, 299912, `try_strptime(CAST(${column} AS VARCHAR), '%Y%m')`),
  },
  {
    name: '%Y%m%d',
    sql: (column) => between(column, 10000101, 29991231, `try_strptime(CAST(${column} AS VARCHAR), '%Y%m%d')`),
  },
  { name: 'seconds', sql: (column) => between(column, 1e8, 99e8, `make_timestamp(${column} * 1000000)`) },
  { name: 'milliseconds', sql: (column) => between(column, 1e11, 99e11, `make_timestamp(${column} * 1000)`) },
];

/** Whether a column of this name is likely to hold times. */
export function isTimeName(name: string): boolean {
  return /^(date|time|datetime|timestamp|ts|ds|year|yr|month|day|week|hour|period|jahr|datum|zeit|日期|时间|年份|年)$|(^|[^a-z])(date|time|timestamp|datetime|year)([^a-z]|$)/i.test(
    name.trim(),
  );
}

function between(column: string, low: number, high: number, then: string): string {
  return `CASE WHEN ${column} BETWEEN ${low} AND ${high} THEN ${then} END`;
}
