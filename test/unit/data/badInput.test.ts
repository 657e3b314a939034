import assert from 'node:assert/strict';
import { appendFileSync, rmSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { propose } from '../../../extension/data/choices/propose';
import { loadHistory } from '../../../extension/data/forecast/series';
import { profileTable } from '../../../extension/data/table/profile';
import { fileError } from '../../../extension/data/table/scan';
import { withTable } from '../../../extension/data/table/table';
import type { ErrorCode } from '../../../extension/protocol/errors';
import { UnrollError } from '../../../extension/protocol/errors';
import { temporaryFolder } from '../../support/temporaryFolder';

const rows = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');

/** One sentence of the right code that holds each of the words. */
async function refuses(work: Promise<unknown>, code: ErrorCode, ...words: string[]): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof UnrollError, String(error));
    assert.equal(error.code, code, error.message);
    for (const word of words) assert.ok(error.message.includes(word), `"${word}" in: ${error.message}`);
    assert.match(error.message, /^[^\n]*[.?]$/, 'one line that ends as a sentence');
    return true;
  });
}

describe('bad input', () => {
  const folder = temporaryFolder();
  const proposeOn = (content: string | Buffer, data: object = {}) => {
    folder.write('a.csv', content);
    return propose(folder.path, { data: { path: 'a.csv', ...data } });
  };

  it('an empty file', () => refuses(proposeOn(''), 'data', 'a.csv', 'empty'));
  it('a file of blank lines and comments', () => refuses(proposeOn('\uFEFF# nothing\n\n\n'), 'data', 'empty'));
  it('a header without rows', () => refuses(proposeOn('Month,Passengers\n'), 'data', 'a.csv', 'no rows'));
  it('no column of numbers', () => refuses(proposeOn('a,b\nx,y\nz,w\n'), 'data', 'a.csv', 'no column of numbers'));
  it('only constant columns', () =>
    refuses(proposeOn(`t,v\n${rows(50, (i) => `2020-01-${(i % 28) + 1},5`)}`), 'data', 'constant'));
  it('a target that is all missing', () =>
    refuses(proposeOn(`a,b\n${rows(50, (i) => `${i * i},NA`)}`, { target: 'b' }), 'data', 'b', 'no value at all'));
  it('a target that is constant in the training part', () =>
    refuses(
      proposeOn(`x,y\n${rows(50, (i) => `${i * i},${i < 40 ? 7 : i}`)}`, { target: 'y' }),
      'data',
      'y',
      '7 in every row',
    ));
  it('fewer rows than a window needs', () =>
    refuses(
      proposeOn(`y\n${rows(20, (i) => `${i * i}`)}`, { lookback: 12, horizon: 3 }),
      'data',
      'lookback 12 + horizon 3',
    ));
  it('a handful of rows', () => refuses(proposeOn(`y\n1\n3\n2\n`), 'data', 'rows'));
  it('a row with too many values', () =>
    refuses(
      proposeOn(`a,b\n${rows(30, (i) => (i === 11 ? '1,2,3' : `${i},${i}`))}`),
      'data',
      'Line 13',
      '3 values',
      '2',
    ));
  it('a row with too few values, far down', () =>
    refuses(proposeOn(`a,b\n${rows(60000, (i) => (i === 50000 ? '1' : `${i},${i}`))}`), 'data', 'Line 50002'));
  it('counts lines inside quotes, and names the line where the row starts', () =>
    refuses(proposeOn('a,b\n"1\n1",2\n3,4\n5,6,"7\n8"\n'), 'data', 'Line 5'));
  it('a quote that is never closed', () =>
    refuses(proposeOn('a,b\n1,2\n3,"4\n5,6\n'), 'data', 'line 3', 'never closes'));
  it('a binary file named .csv', () =>
    refuses(proposeOn(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13])), 'data', 'not text'));
  it('a Parquet file that is none', async () => {
    const file = folder.write('fake.parquet', 'hello');
    await refuses(profileTable(file), 'data', 'fake.parquet cannot be read as Parquet');
  });
  it('lines that are no JSON', async () => {
    const file = folder.write('lines.jsonl', '{"v":1}\n{"v":2\n{"v":3}\n');
    await refuses(profileTable(file), 'data', 'lines.jsonl cannot be read as JSON lines', 'one object');
  });
  it('a folder', () => refuses(profileTable(folder.path), 'data', 'is a folder'));
  it('a file that is not there', () =>
    refuses(profileTable(`${folder.path}/none.csv`), 'data', 'none.csv', 'not there'));
  it('a path through a file', async () => {
    const file = folder.write('plain.csv', 'a\n1\n');
    await refuses(profileTable(`${file}/b.csv`), 'data', 'not there');
  });
  it('a device', () => refuses(profileTable('/dev/null'), 'data', 'device'));
  it('a file that may not be read', () => {
    const error = fileError('/x.csv', { code: 'EACCES' });
    assert.equal(error.code, 'data');
    assert.match(error.message, /\/x\.csv may not be read/);
  });
  it('a file that grows while it is read', async () => {
    const file = folder.write('grows.csv', 'a\n1\n2\n');
    await refuses(
      withTable(file, async () => appendFileSync(file, '3\n')),
      'data',
      'changed while',
    );
  });
  it('a file that vanishes while it is read', async () => {
    const file = folder.write('vanishes.csv', 'a\n1\n2\n');
    await refuses(
      withTable(file, async () => rmSync(file)),
      'data',
      'not there',
    );
  });
  it('more values than memory should hold', async () => {
    const file = folder.write('long.parquet', '');
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(`COPY (SELECT 1 AS v, 2 AS w FROM range(200000001)) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    await refuses(loadHistory(file, ['v', 'w'], null, 'drop'), 'data', '200000001 rows', 'fewer columns');
  }).timeout(60_000);
  it('thousands of columns', () =>
    refuses(proposeOn(`${Array.from({ length: 6000 }, (_, i) => `c${i}`).join(',')}\n`), 'data', '6000 columns'));

  const good = `time,temp,wind\n${rows(60, (i) => `${new Date(Date.UTC(2020, 0, i + 1)).toISOString().slice(0, 10)},${(i * 7) % 11},${i % 3}`)}`;
  it('a column that does not exist', async () => {
    await refuses(proposeOn(good, { target: 'Tmp' }), 'data', 'no column Tmp', 'temp');
    await refuses(proposeOn(good, { features: ['wnd'] }), 'data', 'no column wnd', 'wind');
    await refuses(proposeOn(good, { time: 'tme' }), 'data', 'no column tme', 'time');
  });
  it('a target that is not a number', () =>
    refuses(proposeOn('a,b\n1,2\n2,x\n3,4\n', { target: 'b' }), 'data', 'b', 'row 2', '"x"'));
  it('a time column that holds no times', () => refuses(proposeOn(good, { time: 'temp' }), 'data', 'temp', 'times'));
  it('times that repeat', () =>
    refuses(
      proposeOn(`day,v\n${rows(60, (i) => `2020-01-${String((i % 30) + 1).padStart(2, '0')},${i * i}`)}`),
      'data',
      '2020-01-01',
      'several rows',
    ));
  it('a log of what is not positive', () =>
    refuses(proposeOn(good, { target: 'temp', transform: 'log' }), 'experiment', 'temp', 'log'));
});
