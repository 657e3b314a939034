import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { propose } from '../../../../extension/data/choices/propose';
import { dataFacts, proposedFacts } from '../../../../extension/data/facts/facts';
import { factLimits as limits } from '../../../../extension/data/facts/limits';
import { splitRows } from '../../../../extension/data/split';
import { type ColumnFacts, type DataFacts, withProposal } from '../../../../extension/protocol/facts';
import { format } from '../../../../extension/protocol/messages';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('the facts of a data file', () => {
  const folder = temporaryFolder();
  const wholeFacts = async (file: string, draft: Record<string, unknown> | null) =>
    withProposal(await dataFacts(file, draft), await proposedFacts(file, draft));
  const factsOf = (content: string | Buffer, name = 't.csv') => wholeFacts(folder.write(name, content), null);
  const columnOf = ({ columns }: DataFacts, name: string): ColumnFacts => {
    const found = columns.find((column) => column.name === name);
    assert.ok(found, name);
    return found;
  };
  const near = (actual: number | null | undefined, expected: number) =>
    assert.ok(
      Math.abs((actual ?? Number.NaN) - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
      `${actual} for ${expected}`,
    );

  /** A series with gaps, and its values with null for what is missing. */
  function gappy(rows: number): { readonly csv: string; readonly values: readonly (number | null)[] } {
    const values = Array.from({ length: rows }, (_, i) =>
      i % 17 === 5
        ? null
        : Math.round(1e6 * (Math.sin((2 * Math.PI * i) / 24) + i / rows + ((i * 7919) % 13) / 40)) / 1e6,
    );
    return { csv: `y\n${values.map((value) => value ?? 'NA').join('\n')}\n`, values };
  }

  /** The quantile between the two nearest values (type 7 of Hyndman and Fan). */
  function quantile(sorted: readonly number[], share: number): number {
    const at = share * (sorted.length - 1);
    const [low = 0, high = low] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
    return low + (high - low) * (at - Math.floor(at));
  }

  it('are those that counting by hand gives, of a column of numbers', async () => {
    const { csv, values } = gappy(700);
    const { numbers, missing, kind } = columnOf(await factsOf(csv), 'y');
    const known = values.filter((value) => value !== null);
    const sorted = known.toSorted((a, b) => a - b);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    assert.equal(kind, 'number');
    assert.equal(missing, values.length - known.length);
    near(numbers?.min, sorted[0] ?? 0);
    near(numbers?.max, sorted.at(-1) ?? 0);
    near(numbers?.mean, mean);
    near(numbers?.deviation, Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length));
    for (const [i, share] of [0.25, 0.5, 0.75].entries()) near(numbers?.quartiles?.[i], quantile(sorted, share));
    const { bins } = numbers ?? {};
    assert.ok(bins);
    const counts = bins.counts.map(() => 0);
    for (const value of known) {
      const bin = Math.min(counts.length - 1, Math.floor((value - bins.min) / bins.width));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    assert.deepEqual(bins.counts, counts);
    // A short table is drawn value by value.
    assert.deepEqual(numbers?.low, values);
    assert.equal(numbers?.high, null);
  });

  it('keep of each stretch of a long table the lowest and the highest value, and where values are missing', async () => {
    const { csv, values } = gappy(7001);
    const facts = await factsOf(csv);
    const { numbers, missingShares } = columnOf(facts, 'y');
    assert.equal(facts.at.length, limits.stretches);
    const stretch = (i: number) =>
      values.slice(facts.at[i], facts.at[i + 1] ?? values.length).filter((value) => value !== null);
    const all = facts.at.map((_, i) => stretch(i));
    assert.deepEqual(
      numbers?.low,
      all.map((part) => (part.length === 0 ? null : Math.min(...part))),
    );
    assert.deepEqual(
      numbers?.high,
      all.map((part) => (part.length === 0 ? null : Math.max(...part))),
    );
    assert.equal(facts.missingBuckets, limits.missingBuckets);
    const each = limits.stretches / limits.missingBuckets;
    const shares = Array.from({ length: limits.missingBuckets }, (_, bucket) => {
      const rows = values.slice(facts.at[bucket * each], facts.at[(bucket + 1) * each] ?? values.length);
      return rows.filter((value) => value === null).length / rows.length;
    });
    for (const [bucket, share] of (missingShares ?? []).entries()) near(share, shares[bucket] ?? Number.NaN);
    assert.equal(missingShares?.length, shares.length);
  });

  it('have the autocorrelation of the definition, and the season that it shows', async () => {
    const { csv, values } = gappy(600);
    const { numbers } = columnOf(await factsOf(csv), 'y');
    const known = values.filter((value) => value !== null);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
    const naive = (lag: number) => {
      const products = values.flatMap((value, i) => {
        const other = values[i + lag] ?? null;
        return value === null || other === null ? [] : [(value - mean) * (other - mean)];
      });
      const average = products.reduce((sum, each) => sum + each, 0) / products.length;
      return ((average / variance) * (values.length - lag)) / values.length;
    };
    const { values: found, rows, season } = numbers?.autocorrelation ?? { values: [], rows: 0, season: null };
    assert.equal(found.length, limits.lags + 1);
    assert.equal(rows, 600);
    for (const lag of [0, 1, 5, 24, 199, 200]) near(found[lag], naive(lag));
    assert.equal(season, 24);
  });

  it('draw the split where the proposal cuts, also among rows that are not in the order of time', async () => {
    const days = Array.from({ length: 200 }, (_, i) => ({
      day: new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10),
      y: Math.sin(i) + i / 50,
    }));
    const write = (rows: typeof days) => `day,y\n${rows.map(({ day, y }) => `${day},${y}`).join('\n')}\n`;
    const inOrder = await factsOf(write(days));
    const mixed = await factsOf(write(days.map((_, i) => days[(i * 77) % 200] ?? { day: '', y: 0 })), 'mixed.csv');
    const { experiment } = await propose(folder.path, { data: { path: 't.csv' } });
    const { validation, test } = splitRows(200, experiment.data.split);
    const expected = { validation: validation.start, test: test.start, end: 200 };
    assert.deepEqual(inOrder.split, expected);
    assert.deepEqual(mixed.split, expected);
    assert.deepEqual(inOrder.order, { by: 'time', column: 'day', sorted: false });
    assert.deepEqual(mixed.order, { by: 'time', column: 'day', sorted: true });
    assert.deepEqual(
      columnOf(mixed, 'y').numbers?.low,
      days.map(({ y }) => y),
    );
    assert.deepEqual(
      mixed.times,
      days.map(({ day }) => Date.parse(day)),
    );
    assert.deepEqual([columnOf(mixed, 'day').role, columnOf(mixed, 'y').role], ['time', 'target']);
    assert.equal(mixed.preview.head[1]?.[0], days[77]?.day);
  });

  it('count values, lengths, classes and words of texts', async () => {
    const rows = Array.from(
      { length: 240 },
      (_, i) => [`the ${'number '.repeat(i % 7)}${i}`, i % 4 === 0 ? 'spam' : 'ham'] as const,
    );
    const facts = await factsOf(`message\tlabel\n${rows.map((row) => row.join('\t')).join('\n')}\n`, 't.tsv');
    assert.equal(facts.proposal.kind === 'task' && facts.proposal.task, 'classify');
    const { parts, ...counted } = facts.classes ?? assert.fail();
    assert.deepEqual(counted, {
      target: 'label',
      of: 'rows',
      top: [
        { value: 'ham', count: 180 },
        { value: 'spam', count: 60 },
      ],
      more: 0,
      moreCount: 0,
    });
    const { train = [], validation = [], test = [] } = parts ?? {};
    for (const [i, all] of [180, 60].entries()) {
      assert.equal((train[i] ?? 0) + (validation[i] ?? 0) + (test[i] ?? 0), all);
      assert.deepEqual([validation[i], test[i]], [0.15 * all, 0.2 * all]);
    }
    const { texts } = columnOf(facts, 'message');
    assert.equal(texts?.different, 240);
    const lengths = rows.map(([text]) => text.length);
    const bins = texts?.lengths;
    assert.ok(bins);
    assert.deepEqual([bins.min, bins.max], [Math.min(...lengths), Math.max(...lengths)]);
    const counts = bins.counts.map(
      (_, i) => lengths.filter((length) => Math.floor((length - bins.min) / bins.width) === i).length,
    );
    assert.deepEqual(bins.counts, counts);
    const words = rows.flatMap(([text]) => text.split(' '));
    assert.deepEqual(facts.vocabulary?.columns, ['message']);
    assert.equal(facts.vocabulary?.words.total, words.length);
    assert.equal(facts.vocabulary?.words.different, new Set(words).size);
    assert.deepEqual(facts.vocabulary?.words.top[0], {
      value: 'number',
      count: words.filter((word) => word === 'number').length,
    });
    assert.equal(
      facts.vocabulary?.characters.total,
      rows.reduce((sum, [text]) => sum + text.length, 0),
    );
  });

  it('count the sequences that a column tells apart, and their lengths', async () => {
    const rows = Array.from({ length: 30 }, (_, s) =>
      Array.from({ length: 2 + (s % 5) }, (__, i) => `s${s},${i + s},${s % 3 === 0 ? 'up' : 'down'}`),
    ).flat();
    const file = folder.write('sequences.csv', `id,x,class\n${rows.join('\n')}\n`);
    const facts = await wholeFacts(file, { task: 'classify', data: { series: 'id', target: 'class' } });
    assert.equal(facts.proposal.kind, 'task');
    assert.deepEqual(facts.lengths, [
      {
        of: 'sequences',
        series: 'id',
        items: 30,
        shortest: 2,
        longest: 6,
        mean: 4,
        bins: { min: 2, max: 6, width: 1, counts: [6, 6, 6, 6, 6] },
      },
    ]);
    assert.deepEqual(facts.items, { of: 'sequences', train: 19, validation: 5, test: 6 });
    assert.deepEqual(
      [facts.classes?.of, facts.classes?.top],
      [
        'sequences',
        [
          { value: 'down', count: 20 },
          { value: 'up', count: 10 },
        ],
      ],
    );
    assert.equal(facts.split, null);
  });

  it('call classes that are numbers as the file does', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `${Math.sin(i)},${i % 10 < 7 ? 1 : 2}`);
    const file = folder.write('numbers.csv', `x,state\n${rows.join('\n')}\n`);
    const { classes, split } = await wholeFacts(file, { task: 'label', data: { target: 'state' } });
    assert.deepEqual(classes?.top, [
      { value: '1', count: 210 },
      { value: '2', count: 90 },
    ]);
    const { experiment } = await propose(folder.path, {
      task: 'label',
      data: { path: 'numbers.csv', target: 'state' },
    });
    const { validation, test } = splitRows(300, experiment.data.split);
    assert.deepEqual(split, { validation: validation.start, test: test.start, end: 300 });
  });

  it('of a text are its lines, its characters and its words', async () => {
    const lines = Array.from({ length: 400 }, (_, i) => (i % 9 === 0 ? '' : `Speak, speak. ${'é🙂'.repeat(i % 4)}`));
    const text = lines.join('\r\n');
    const facts = await factsOf(text, 'play.txt');
    assert.equal(facts.rows, 400);
    assert.equal(facts.characters, [...text].length);
    assert.equal(facts.vocabulary?.characters.different, new Set(text).size);
    assert.deepEqual(facts.vocabulary?.words.top[0], {
      value: 'speak',
      count: 2 * lines.filter((line) => line !== '').length,
    });
    assert.equal(facts.lengths[0]?.longest, Math.max(...lines.map((line) => [...line].length)));
    near(facts.lengths[0]?.mean, lines.reduce((sum, line) => sum + [...line].length, 0) / 400);
    assert.deepEqual(facts.preview.tail.at(-1), [lines[399]]);
    assert.equal(facts.proposal.kind === 'task' && facts.proposal.task, 'language');
    assert.equal(facts.split?.end, facts.characters);
    // Read by words, the ends of lines among them, its parts are counted in these.
    const said = await wholeFacts(`${folder.path}/play.txt`, {
      task: 'language',
      data: { text: { read: 'words', most: 50 } },
    });
    const { of, train, validation, test } = said.items ?? assert.fail();
    const ends = lines.length - 1;
    assert.deepEqual([of, said.split], ['words', null]);
    assert.equal(train + validation + test, (text.match(/[A-Za-zé]+|[,.]|🙂/gu) ?? []).length + ends);
  });

  it('are bounded however wide a table is, and whatever its names and values are', async () => {
    const names = Array.from({ length: limits.columns + 30 }, (_, i) =>
      i === 0 ? '__proto__' : i === 1 ? 'x'.repeat(5000) : `c${i}`,
    );
    const rows = Array.from({ length: 30 }, (_, row) =>
      names.map((_, i) => (i === 2 ? 'y'.repeat(10_000) : i === 3 ? '' : String(row * i))).join(','),
    );
    const facts = await factsOf(`${names.join(',')}\n${rows.join('\n')}\n`, 'wide.csv');
    assert.equal(facts.columnCount, names.length);
    assert.equal(facts.columns.length, limits.columns);
    assert.equal(facts.preview.names.length, limits.previewColumns);
    assert.equal(facts.columns[1]?.name.length, limits.text);
    assert.equal(facts.preview.head[0]?.[2]?.length, limits.text);
    assert.equal(facts.columns[2]?.texts?.top[0]?.value.length, limits.text);
    assert.deepEqual([facts.columns[0]?.name, facts.columns[0]?.numbers?.max], ['__proto__', 0]);
    assert.equal(facts.columns[3]?.missing, 30);
    assert.ok(JSON.stringify(facts).length < 1_000_000);
  });

  it('say why nothing is proposed, and hold what there is all the same', async () => {
    const facts = await factsOf(`y\n${'5\n'.repeat(50)}`);
    assert.equal(facts.proposal.kind, 'none');
    const { numbers } = columnOf(facts, 'y');
    assert.deepEqual(
      [numbers?.min, numbers?.max, numbers?.deviation, numbers?.bins, numbers?.autocorrelation],
      [5, 5, 0, null, null],
    );
    const huge = await factsOf('y\n1e308\n-1e308\n2\n1e308\n', 'huge.csv');
    assert.deepEqual([columnOf(huge, 'y').numbers?.max, columnOf(huge, 'y').numbers?.mean], [1e308, null]);
    const one = await factsOf('y\n1\n', 'one.csv');
    assert.deepEqual([one.rows, columnOf(one, 'y').numbers?.low], [1, [1]]);
  });

  it('say how the file was read and where time has gaps', async () => {
    const day = (i: number) => new Date(Date.UTC(2020, 0, i + 1)).toISOString().slice(0, 10);
    const days = Array.from({ length: 60 }, (_, i) => (i < 30 ? i : i + 4));
    const facts = await factsOf(`when;v\n${days.map((i) => `${day(i)};1.${100 + i},5\n`).join('')}`);
    assert.deepEqual(
      facts.notes.map((note) => format(note)),
      [
        'v holds 1.100,5, which is a number only with a decimal comma.',
        '1 steps in time are longer than usual, the first of them from 2020-01-30 to 2020-02-04; rows are taken as equally far apart (data.gaps can fill them, or cut there).',
      ],
    );
    assert.equal(columnOf(facts, 'v').numbers?.min, 1100.5);
    const chosen = facts.proposal.kind === 'task' ? facts.proposal.choices : [];
    assert.equal(chosen.find(({ choice }) => choice === 'data.numbers')?.value, 'comma');
    // Each of two series has every day once, so that none is far from the next.
    const twice = days.slice(0, 30).flatMap((i) => [`${day(i)},a,${i % 7}`, `${day(i)},b,${i % 5}`]);
    assert.deepEqual((await factsOf(`when,s,v\n${twice.join('\n')}\n`)).notes, []);
  });

  it('refuse with one sentence what is no data', async () => {
    await assert.rejects(factsOf('', 'empty.csv'), /is empty/);
    await assert.rejects(factsOf(Buffer.from([0, 1, 2, 0, 255]), 'bytes.csv'), /is not text/);
    mkdirSync(`${folder.path}/nothing`);
    await assert.rejects(dataFacts(`${folder.path}/nothing`, null), /holds no texts/);
    await assert.rejects(dataFacts(`${folder.path}/gone.csv`, null), /is not there/);
    await assert.rejects(factsOf(Buffer.from([0x89, 0x50, 0, 0, 0, 13]), 'bad.txt'), /not text in UTF-8/);
    const western = await factsOf(Buffer.from('l’hiver\nl\x92été\n'.replace('’', '\x92'), 'latin1'), 'western.txt');
    assert.deepEqual(western.preview.head, [['l’hiver'], ['l’été']]);
    assert.match(format(western.notes[0] ?? assert.fail()), /^2 lines are not UTF-8, the first of them line 1/);
  });

  it('end when whoever asked is gone', async () => {
    const file = folder.write('t.csv', gappy(50).csv);
    await assert.rejects(dataFacts(file, null, AbortSignal.abort()), { name: 'AbortError' });
    await assert.rejects(proposedFacts(file, null, AbortSignal.abort()), { name: 'AbortError' });
  });

  it('of a Parquet file are those of the same table as text', async () => {
    const { csv } = gappy(300);
    const text = folder.write('same.csv', csv);
    const parquet = `${folder.path}/same.parquet`;
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`COPY (SELECT * FROM read_csv('${text}', nullstr = 'NA')) TO '${parquet}'`);
    connection.closeSync();
    instance.closeSync();
    const [a, b] = [await wholeFacts(text, null), await wholeFacts(parquet, null)];
    assert.deepEqual(b.columns, a.columns);
    assert.deepEqual(b.split, a.split);
  });
});
