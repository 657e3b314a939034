import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { propose } from '../../../extension/data/choices/propose';
import { loadSeries } from '../../../extension/data/forecast/series';
import { withTable } from '../../../extension/data/table/table';
import { UnrollError } from '../../../extension/protocol/errors';
import type { Draft } from '../../../extension/protocol/experiment';
import { format } from '../../../extension/protocol/messages';
import { temporaryFolder } from '../../support/temporaryFolder';

/** A file as somebody has it, and what the product makes of it: what it says, and the values of its last column. */
interface Hostile {
  readonly what: string;
  readonly content: string | Buffer;
  /** What is said of it, in part; null where nothing is. Of an error the sentence. */
  readonly says: RegExp | null;
  /** The target and its first values; null where the file is refused. */
  readonly reads: { readonly target: string; readonly first: readonly number[] } | null;
  readonly data?: Partial<Draft['data']>;
}

const rows = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');

/** A value that is never constant, so that there is something to learn. */
const wave = (i: number) => (i * 7) % 11;
const day = (i: number) => new Date(Date.UTC(2020, 0, i + 1)).toISOString().slice(0, 10);
const daily = `day,v\n${rows(60, (i) => `${day(i)},${wave(i)}`)}`;
const first = [0, 7, 3];
const utf16 = (text: string, bigEndian: boolean, mark: boolean) => {
  const bytes = Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};
/** Sixty rows between semicolons whose second field is written by `write`. */
const between = (write: (i: number) => string) => `a;b\n${rows(60, (i) => `${i};${write(i)}`)}`;
const read = (values: readonly number[], target = 'b') => ({ target, first: values });

const encodings: Hostile[] = [
  { what: 'UTF-8 with a mark', content: `\uFEFF${daily}`, says: null, reads: read(first, 'v') },
  {
    what: 'UTF-8 with a mark before a quote',
    content: `\uFEFF"day","v, w"\n${rows(60, (i) => `${day(i)},${wave(i)}`)}`,
    says: null,
    reads: read(first, 'v, w'),
  },
  ...[false, true].flatMap((big) =>
    [false, true].map(
      (mark): Hostile => ({
        what: `UTF-16, ${big ? 'big' : 'little'}-endian, ${mark ? 'with' : 'without'} a mark`,
        content: utf16(daily, big, mark),
        says: /^The file is UTF-16 and was read as that\.$/,
        reads: read(first, 'v'),
      }),
    ),
  ),
  {
    what: 'Latin-1',
    content: Buffer.from(`day,Größe\n${rows(60, (i) => `${day(i)},${wave(i)}`)}`, 'latin1'),
    says: /^1 lines are not UTF-8, the first of them line 1, and were read as Windows-1252/,
    reads: read(first, 'Größe'),
  },
  {
    what: 'Windows-1252',
    content: Buffer.concat([
      Buffer.from('day,price '),
      Buffer.from([0x80]),
      Buffer.from(`\n${rows(60, (i) => `${day(i)},${wave(i)}`)}`),
    ]),
    says: /line 1, .*Windows-1252/,
    reads: read(first, 'price €'),
  },
  {
    what: 'UTF-8 with Latin-1 in some lines',
    content: Buffer.concat([
      Buffer.from(`note,Größe\n${rows(30, (i) => `é,${wave(i)}`)}`, 'utf8'),
      Buffer.from(
        rows(30, (i) => `ü,${wave(i + 30)}`),
        'latin1',
      ),
    ]),
    says: /^30 lines are not UTF-8, the first of them line 32,/,
    reads: read(first, 'Größe'),
  },
];

const numbers: Hostile[] = [
  {
    what: '1.234,5',
    content: between((i) => `1.2${10 + i},5`),
    says: /^b holds 1\.210,5, which is a number only with a decimal comma\.$/,
    reads: read([1210.5, 1211.5]),
  },
  { what: '1,234.5', content: between((i) => `1,2${10 + i}.5`), says: null, reads: read([1210.5, 1211.5]) },
  {
    what: '"1,234.5" between commas',
    content: `a,b\n${rows(60, (i) => `${i},"1,2${10 + i}.5"`)}`,
    says: null,
    reads: read([1210.5, 1211.5]),
  },
  {
    what: '"1234,5" between commas, beside plain numbers',
    content: `a,x,b\n${rows(60, (i) => `${i},${i}.25,"${10 + i},5"`)}`,
    says: /is read with its own decimal sign/,
    reads: read([10.5, 11.5]),
  },
  ...[' ', '\u00a0', '\u202f', '\u2009'].map(
    (space): Hostile => ({
      what: `1 234,5 with U+${space.charCodeAt(0).toString(16)}`,
      content: between((i) => `1${space}2${10 + i},5`),
      says: /decimal comma/,
      reads: read([1210.5, 1211.5]),
    }),
  ),
  { what: "1'234.5", content: between((i) => `1'2${10 + i}.5`), says: null, reads: read([1210.5, 1211.5]) },
  { what: '1’234.5', content: between((i) => `1’2${10 + i}.5`), says: null, reads: read([1210.5, 1211.5]) },
  {
    what: '1.234 that may be a thousand',
    content: between((i) => `1.2${10 + i}`),
    says: /read with a decimal point; if its numbers have a decimal comma, set data\.numbers to "comma"/,
    reads: read([1.21, 1.211]),
  },
  {
    what: '1.234 that is said to be a thousand',
    content: between((i) => `1.2${10 + i}`),
    data: { numbers: 'comma' },
    says: null,
    reads: read([1210, 1211]),
  },
  {
    what: '1,234 between semicolons, which is taken for decimals',
    content: between((i) => `1,2${10 + i}`),
    says: /comma is taken to stand before decimals; if it parts thousands, set data\.numbers to "point"/,
    reads: read([1.21, 1.211]),
  },
  {
    what: '1,234 between semicolons that is said to be a thousand',
    content: between((i) => `1,2${10 + i}`),
    data: { numbers: 'point' },
    says: null,
    reads: read([1210, 1211]),
  },
  {
    what: '1.234 beside a column that has a decimal comma',
    content: `x;b\n${rows(60, (i) => `${i},5;1.2${10 + i}`)}`,
    says: /x holds 0,5, which is a number only with a decimal comma/,
    reads: read([1210, 1211]),
  },
  {
    what: '1.234.567',
    content: between((i) => `1.234.5${10 + i}`),
    says: /1\.234\.510/,
    reads: read([1234510, 1234511]),
  },
  { what: '1e3 and -.5', content: between((i) => (i % 2 ? '1e3' : '-.5')), says: null, reads: read([-0.5, 1000]) },
  { what: 'a minus of typesetters', content: between((i) => `−${i}.5`), says: null, reads: read([-0.5, -1.5]) },
  {
    what: 'inf and nan as text',
    content: between((i) => ({ 5: 'inf', 6: '-Infinity', 7: 'nan', 8: 'NaN' })[i] ?? `${i}`),
    says: /2 values of b (are infinite|stand for no number) and count as missing/,
    reads: read([0, 1, 2, 3, 4, 4, 4, 4, 4, 9]),
  },
  {
    what: 'inf between commas',
    content: `a,b\n${rows(60, (i) => `${i},${i === 5 ? 'inf' : i + 0.5}`)}`,
    says: /^1 values of b are infinite and count as missing\.$/m,
    reads: read([0.5, 1.5, 2.5, 3.5, 4.5, 4.5, 6.5]),
  },
  {
    what: 'a number beyond 64 bits',
    content: `a,b\n${rows(60, (i) => `${i},${i === 5 ? '1e999' : i + 0.5}`)}`,
    says: /1 missing values of b took the last value seen/,
    reads: read([0.5, 1.5, 2.5, 3.5, 4.5, 4.5, 6.5]),
  },
  {
    what: 'NA, -, NULL and what spreadsheets write',
    content: between((i) => ['NA', '-', 'NULL', '#N/A', '#DIV/0!', 'n.a.', '--', 'none'][i - 1] ?? `${i}`),
    says: /5 values of b stand for no number and count as missing/,
    reads: read([0, 0, 0, 0, 0, 0, 0, 0, 0, 9]),
  },
  {
    what: 'one word among numbers',
    content: `b,w\n${rows(60, (i) => `${wave(i)},${i === 8 ? 'broken' : i}`)}`,
    says: /w is read as text: most of its values are numbers, but row 9 holds "broken"/,
    reads: read(first),
  },
  {
    what: 'codes with leading zeros',
    content: `b,code\n${rows(60, (i) => `${wave(i)},00${i}`)}`,
    says: null,
    reads: read(first),
  },
];

const shapes: Hostile[] = [
  {
    what: 'newlines in quotes',
    content: `note,v\n${rows(60, (i) => `"one\ntwo ""${i}""\r\n",${wave(i)}`)}`,
    says: null,
    reads: read(first, 'v'),
  },
  {
    what: 'names that stand twice',
    content: `v,v,V\n${rows(60, (i) => `${i},${i},${wave(i)}`)}`,
    says: /2 columns have a name that another column has too and are renamed: v → v_1, V → V_2/,
    reads: read(first, 'V_2'),
  },
  {
    what: 'names that are empty',
    content: `,x,\n${rows(60, (i) => `${i},${i},${wave(i)}`)}`,
    says: /2 columns have no name in the header and are called column0, column2/,
    reads: read(first, 'column2'),
  },
  {
    what: 'names of objects and of HTML',
    content: `__proto__,constructor,<b>v</b>\n${rows(60, (i) => `${i % 5},${i % 3},${wave(i)}`)}`,
    says: null,
    reads: read(first, '<b>v</b>'),
  },
  {
    what: 'a cell of 1 MB',
    content: `note,v\n${rows(60, (i) => `"${'x'.repeat(i === 3 ? 1 << 20 : 1)}",${wave(i)}`)}`,
    says: null,
    reads: read(first, 'v'),
  },
  {
    what: 'a cell of 5 MB',
    content: `note,v\n${rows(60, (i) => `"${'x'.repeat(i === 3 ? 5 << 20 : 1)}",${wave(i)}`)}`,
    says: null,
    reads: read(first, 'v'),
  },
  {
    what: 'a cell of 20 MB',
    content: `note,v\n"${'x'.repeat(20 << 20)}",1\n`,
    says: /a row of more than 16 MB, which begins on line 2; shorten it/,
    reads: null,
  },
  {
    what: 'ends of lines that are carriage returns',
    content: daily.replaceAll('\n', '\r'),
    says: null,
    reads: read(first, 'v'),
  },
  { what: 'ends of lines that are both', content: daily.replaceAll('\n', '\r\n'), says: null, reads: read(first, 'v') },
  {
    what: 'ends of lines that differ',
    content: daily.replace('\n', '\r\n'),
    says: /^Lines end in different ways and were read as if they ended alike\.$/,
    reads: read(first, 'v'),
  },
  {
    what: 'a line that names the delimiter',
    content: `sep=;\n${daily.replaceAll(',', ';')}`,
    says: null,
    reads: read(first, 'v'),
  },
  {
    what: 'a row that is too long',
    content: 'a,b\n1,2\n1,2,3\n',
    says: /^Line 3 of .* has 3 values where the first line has 2/,
    reads: null,
  },
  {
    what: 'a row that is too short',
    content: 'a,b\n1,2\n1\n',
    says: /^Line 3 of .* has 1 values where the first line has 2/,
    reads: null,
  },
  { what: 'bytes of zero', content: 'a,b\n1,2\n3,\0\n', says: /is not text/, reads: null },
  { what: 'nothing', content: '', says: /is empty/, reads: null },
  { what: 'nothing but a mark', content: '\uFEFF', says: /is empty/, reads: null },
  { what: 'a header without rows', content: 'a,b\n', says: /has a header and no rows/, reads: null },
  { what: 'one row', content: 'a,b\n1,2\n', says: /is constant, so there is nothing to learn/, reads: null },
  {
    what: '10,000 columns',
    content: `${Array.from({ length: 10_000 }, (_, i) => `c${i}`)}\n${Array(10_000).fill('1')}\n`,
    says: /has 10000 columns, and at most 5000 can be read/,
    reads: null,
  },
  {
    what: 'times out of order, and one that stands twice',
    content: `day,v\n${rows(60, (i) => `${day((i * 17) % 60)},${wave((i * 17) % 60)}`)}${day(4)},6\n`,
    says: /not in the order of time and were sorted.*1 rows that repeat the row before were left out/s,
    reads: read([0, 7, 3, 10, 6, 2], 'v'),
  },
  {
    what: 'a time that stands twice with other values',
    content: `${rows(1, () => 'day,v')}${rows(200, (i) => `${day(i)},${wave(i)}`)}${day(4)},60\n`,
    says: /1 rows have the time of the row before, the first of them at 2020-01-05; they were kept in the order of the file/,
    reads: read([0, 7, 3, 10, 6, 60, 2], 'v'),
  },
];

const others: Hostile[] = [
  {
    what: 'a pointer of Git LFS',
    content: `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`,
    says: /not the data but a Git LFS pointer to it; fetch the file itself with "git lfs pull"/,
    reads: null,
  },
  {
    what: 'a web page',
    content: '\n<!DOCTYPE html>\n<html><body>Not, found</body></html>\n',
    says: /is a web page/,
    reads: null,
  },
  {
    what: 'a spreadsheet',
    content: Buffer.from('PK\u0003\u0004\u0014\0\u0006\0', 'latin1'),
    says: /is a spreadsheet or a ZIP archive/,
    reads: null,
  },
  {
    what: 'an old spreadsheet',
    content: Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]),
    says: /is a spreadsheet/,
    reads: null,
  },
  { what: 'something compressed', content: Buffer.from([0x1f, 0x8b, 8, 0, 1]), says: /is compressed/, reads: null },
  { what: 'Parquet', content: Buffer.from('PAR1\0\0', 'latin1'), says: /is a Parquet file.*rename it/, reads: null },
  { what: 'a PDF', content: '%PDF-1.7\nx\n', says: /is a PDF/, reads: null },
  { what: 'objects of JSON', content: '{"a": 1}\n{"a": 2}\n', says: /holds JSON.*\.jsonl/, reads: null },
  { what: 'an array of JSON', content: '[\n  {"a": 1}\n]\n', says: /holds JSON/, reads: null },
];

describe('hostile tables', () => {
  const folder = temporaryFolder();

  for (const [group, cases] of Object.entries({ encodings, numbers, shapes, others })) {
    describe(group, () => {
      for (const { what, content, says, reads, data } of cases) {
        it(what, async () => {
          const file = folder.write('a.csv', content);
          const before = readFileSync(file);
          const beside = readdirSync(folder.path);
          const draft = { task: 'forecast', data: { path: 'a.csv', ...data } };
          if (reads === null) {
            await assert.rejects(propose(folder.path, draft), (error: unknown) => {
              assert.ok(error instanceof UnrollError, String(error));
              assert.match(error.message, /^[^\n]*[.?]$/, 'one line that ends as a sentence');
              if (says !== null) assert.match(error.message, says);
              return true;
            });
          } else {
            const { experiment } = await propose(folder.path, draft);
            assert.equal(experiment.data.target, reads.target);
            const series = await loadSeries(folder.path, experiment);
            assert.deepEqual(Array.from(series.columns[0]?.values ?? []).slice(0, reads.first.length), reads.first);
            const said = series.notes.map((note) => format(note)).join('\n');
            if (says === null) assert.equal(said, '');
            else assert.match(said, says);
          }
          assert.deepEqual(readFileSync(file), before, 'the file itself is never written');
          assert.deepEqual(readdirSync(folder.path), beside, 'nothing is left beside it');
        }).timeout(30_000);
      }
    });
  }

  it('says how numbers are written, with the value that tells', async () => {
    folder.write(
      'n.csv',
      between((i) => `1.2${10 + i},5`),
    );
    const { experiment, reasons } = await propose(folder.path, { data: { path: 'n.csv' } });
    assert.equal(experiment.data.numbers, 'comma');
    const reason = reasons.find(({ choice }) => choice === 'data.numbers');
    assert.equal(reason && format(reason.why), 'b holds 1.210,5, which is a number only with a decimal comma.');
    folder.write('p.csv', daily);
    assert.equal((await propose(folder.path, { data: { path: 'p.csv' } })).experiment.data.numbers, null);
  });

  it('names the row that is no number, in the way that numbers are written', async () => {
    folder.write(
      'n.csv',
      between((i) => (i === 4 ? 'x' : `${i},5`)),
    );
    await assert.rejects(
      propose(folder.path, { task: 'forecast', data: { path: 'n.csv', target: 'b', numbers: 'comma' } }),
      /Column b of .* is not a number: row 5 holds "x"/,
    );
  });

  it('leaves no copy behind of what it had to read in another encoding', async () => {
    const file = folder.write('u.csv', utf16(daily, true, true));
    let copied = '';
    await withTable(file, async ({ source }) => {
      copied = /read_csv\('([^']*)'/.exec(source)?.[1] ?? '';
    });
    assert.notEqual(copied, '');
    assert.throws(() => readdirSync(path.dirname(copied.replaceAll(/\[(.)\]/g, '$1'))), /ENOENT/);
  });
});
