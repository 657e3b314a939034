import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { loadHistory } from '../../../../extension/data/forecast/series';
import { readTexts } from '../../../../extension/data/sequences/texts';
import { fingerprintOf, profileTable } from '../../../../extension/data/table/profile';
import { withTable } from '../../../../extension/data/table/table';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('table', () => {
  const folder = temporaryFolder();
  const profileOf = (content: string | Buffer, name = 't.csv') => profileTable(folder.write(name, content));
  const kindsOf = async (content: string | Buffer, name?: string) =>
    (await profileOf(content, name)).columns.map(({ name, kind }) => `${name}:${kind}`).join(' ');

  it('reads exactly the file that is named, whatever its name', async () => {
    folder.write('aXb.csv', 'wrong\n1\n');
    folder.write('x.csv', 'wrong\n1\n');
    folder.write('deep/x/y.csv', 'wrong\n1\n');
    const names = [
      'a*b.csv',
      'a?b.csv',
      '[x].csv',
      '{a,b}.csv',
      `it's "q".csv`,
      'é 漢 字.csv',
      ' lead.csv',
      'k=1.csv',
      'de[e]p/**/y.csv',
      'year=3/z.csv',
      '$1%20;--.csv',
    ];
    for (const name of names) assert.equal(await kindsOf('right\n1\n2\n', name), 'right:number', name);
  });

  it('knows numbers, booleans, text and what is missing', async () => {
    const { rows, columns } = await profileOf(
      'n,m,b,s\n1,,true,x\n2.5,NA,false,?\n-3e2,NaN,true,-\n,null,false,y\n?,inf,true,z\n-,7,true,w\n',
    );
    assert.equal(rows, 6);
    assert.deepEqual(columns, [
      { name: 'n', kind: 'number', missing: 3, min: -300, max: 2.5 },
      { name: 'm', kind: 'number', missing: 5, min: 7, max: 7 },
      { name: 'b', kind: 'boolean', missing: 0, min: null, max: null },
      { name: 's', kind: 'text', missing: 2, min: null, max: null },
    ]);
  });

  const times: [string, string[], number][] = [
    ['month', ['1949-01', '1949-02'], Date.UTC(1949, 0)],
    ['day', ['1981-01-02', '1981-01-03'], Date.UTC(1981, 0, 2)],
    ['hour', ['2016-07-01 13:00:00', '2016-07-01 14:00:00'], Date.UTC(2016, 6, 1, 13)],
    ['minute', ['2016-07-01 13:30', '2016-07-01 14:30'], Date.UTC(2016, 6, 1, 13, 30)],
    ['ISO with zone', ['2020-01-31T10:00:00+02:00', '2020-01-31T11:00:00Z'], Date.UTC(2020, 0, 31, 8)],
    ['month first', ['01/31/2020', '02/01/2020'], Date.UTC(2020, 0, 31)],
    ['day first', ['31/01/2020', '01/02/2020'], Date.UTC(2020, 0, 31)],
    ['day first, told by the order', ['05/01/2020', '06/01/2020', '01/02/2020'], Date.UTC(2020, 0, 5)],
    ['dots', ['31.01.2020', '01.02.2020'], Date.UTC(2020, 0, 31)],
    ['month name', ['Jan 2020', 'Feb 2020'], Date.UTC(2020, 0)],
  ];
  for (const [what, values, first] of times) {
    it(`reads times: ${what}`, async () => {
      const { columns } = await profileOf(`when,v\n${values.map((value, i) => `${value},${i}`).join('\n')}\n`);
      assert.equal(columns[0]?.kind, 'time');
      assert.equal(columns[0]?.min, first);
    });
  }

  it('reads whole numbers as times only where the name says so and they do not repeat', async () => {
    const years = '2001,1\n2002,2\n2003,3\n';
    assert.equal((await profileOf(`year,v\n${years}`)).columns[0]?.min, Date.UTC(2001, 0));
    assert.equal(await kindsOf(`width,v\n${years}`), 'width:number v:number');
    assert.equal(await kindsOf(`year,v\n${years}2003,4\n`), 'year:number v:number');
    assert.equal((await profileOf('timestamp,v\n1600000000,1\n1600003600,2\n')).columns[0]?.min, 1600000000000);
  });

  it('reads other ways to write a table', async () => {
    assert.equal(await kindsOf('a\tb\n1\t2\n3\t4\n', 't.tsv'), 'a:number b:number');
    assert.equal(await kindsOf('a;b\n1,5;2\n2,5;3\n'), 'a:number b:number');
    assert.equal((await profileOf('a;b\n1,5;2\n2,5;3\n')).columns[0]?.max, 2.5);
    assert.equal(await kindsOf('a|b\n1|2\n3|4\n', 't.txt'), 'a:number b:number');
    assert.equal(await kindsOf('# made by hand\n# in 2020\na,b\n1,2\n3,4\n'), 'a:number b:number');
    assert.equal(await kindsOf('a,b\r\n1,2\r\n3,4'), 'a:number b:number');
    assert.equal(await kindsOf('a,b\r1,2\r3,4\r'), 'a:number b:number');
    assert.equal(await kindsOf('\uFEFFa,b\n1,2\n'), 'a:number b:number');
    assert.equal(await kindsOf('"a, b",c\n"1",2\n\n3,4\n\n'), 'a, b:number c:number');
    assert.equal(await kindsOf('1949-01,1\n1949-02,2\n'), 'column0:time column1:number');
    assert.equal(await kindsOf('{"a":1,"d":"2020-01"}\n{"a":2,"d":"2020-02"}\n', 't.jsonl'), 'a:number d:time');
  });

  it('reads UTF-16 and Latin-1', async () => {
    const text = 'Größe,v\n1,2\n3,4\n';
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    assert.equal(await kindsOf(utf16), 'Größe:number v:number');
    assert.equal(await kindsOf(Buffer.from(text, 'latin1')), 'Größe:number v:number');
  });

  it('reads Parquet', async () => {
    const file = folder.write('t.parquet', '');
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(`COPY (SELECT DATE '2020-01-01' AS d, 1.5::DOUBLE AS v) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    const { columns } = await profileTable(file);
    assert.deepEqual(
      columns.map(({ kind, min }) => [kind, min]),
      [
        ['time', Date.UTC(2020, 0)],
        ['number', 1.5],
      ],
    );
  });

  it('does not read text that turns up late as a number', async () => {
    const lines = Array.from({ length: 30000 }, (_, i) => `${i},${i === 29000 ? 'x' : i}`);
    assert.equal(await kindsOf(`a,b\n${lines.join('\n')}\n`), 'a:number b:text');
  });

  it('gives a fingerprint that follows the content', async () => {
    const file = folder.write('f.csv', 'a\n1\n');
    const first = await fingerprintOf(file);
    assert.match(first, /^sha256:[0-9a-f]{64}$/);
    assert.equal((await profileTable(file)).fingerprint, first);
    folder.write('f.csv', 'a\n2\n');
    assert.notEqual(await fingerprintOf(file), first);
  });

  it('reads every value of a file that fills many chunks', async () => {
    const numbers = Array.from({ length: 10000 }, (_, i) => (i * 7919) % 10007);
    const file = folder.write('many.csv', `y\n${numbers.join('\n')}\n`);
    const series = await loadHistory(file, ['y'], null, 'drop');
    assert.deepEqual(Array.from(series.columns[0]?.values ?? []), numbers);
  });

  it('reads the samples', async () => {
    const read = async (name: string) => {
      const { rows, columns } = await profileTable(`${process.cwd()}/samples/${name}.csv`);
      return [rows, ...columns.map(({ kind, missing, min, max }) => [kind, missing, min, max])];
    };
    assert.ok(readFileSync('samples/README.md', 'utf8').includes('airline-passengers.csv'));
    assert.deepEqual(await read('airline-passengers'), [
      144,
      ['time', 0, Date.UTC(1949, 0), Date.UTC(1960, 11)],
      ['number', 0, 104, 622],
    ]);
    assert.deepEqual(await read('daily-min-temperatures'), [
      3650,
      ['time', 0, Date.UTC(1981, 0), Date.UTC(1990, 11, 31)],
      ['number', 0, 0, 26.3],
    ]);
    assert.deepEqual(await read('monthly-sunspots'), [
      2820,
      ['time', 0, Date.UTC(1749, 0), Date.UTC(1983, 11)],
      ['number', 0, 0, 253.8],
    ]);
  });

  describe('between tabs', () => {
    const valuesOf = async (content: string) => {
      const file = folder.write('t.tsv', content);
      return withTable(file, async (table) => {
        const texts = await readTexts(table, table.columns[1]?.name ?? '');
        return { rows: texts.codes.length, labels: texts.labels };
      });
    };

    it('takes quotes for text where they stand alone', async () => {
      const { rows, labels } = await valuesOf('ham\tGo "now\nspam\t"Win" a prize\nham\t"never closed\nham\tplain\n');
      assert.equal(rows, 4);
      assert.deepEqual(labels, ['Go "now', '"Win" a prize', '"never closed', 'plain']);
    });

    it('takes them for the ends of fields where they are that', async () => {
      const { labels } = await valuesOf('kind\ttext\na\t"one\ttwo"\nb\t"three"\n');
      assert.deepEqual(labels, ['one\ttwo', 'three']);
    });
  });

  it('takes the first line of nothing but text for a row where its words are values of the rows', async () => {
    assert.equal(await kindsOf('ham\tHello\nspam\tWin\nham\tBye\n', 'h.tsv'), 'column0:text column1:text');
    assert.equal(await kindsOf('label\ttext\nspam\tWin\nham\tBye\n', 'h.tsv'), 'label:text text:text');
  });

  it('takes the first line for a row too where it is sentences of words that stand in the rows', async () => {
    const rows =
      'Run on!\tCours encore !\nThe dog sees it.\tLe chien le voit.\nWe see the cat.\tNous voyons le chat.\n';
    const namesOf = async (first: string) =>
      (await profileOf(`${first}\n${rows}`, 't.tsv')).columns.map(({ name }) => name);
    for (const first of ['Run!\tCours !', 'see the dog\tle chien voit', 'Run.\tAllez !'])
      assert.deepEqual(await namesOf(first), ['column0', 'column1'], first);
    for (const first of [
      'dog\tchien',
      'English sentence.\tFrench sentence.',
      'Run!\tchien',
      'What is it called?\tHow is it said?',
    ])
      assert.deepEqual(await namesOf(first), first.split('\t'), first);
  });

  it('never takes quotes for text between commas', async () => {
    await assert.rejects(profileOf('a,b\n1,"never closed\n2,3\n'), /opens a quote on line 2 and never closes it/);
  });
});
