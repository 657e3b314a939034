import assert from 'node:assert/strict';
import { dataFacts, proposedFacts } from '../../../../extension/data/facts/facts';
import { factLimits as limits } from '../../../../extension/data/facts/limits';
import { withProposal } from '../../../../extension/protocol/facts';
import { format } from '../../../../extension/protocol/messages';
import { temporaryFolder } from '../../../support/temporaryFolder';

const hour = 3_600_000;
const start = Date.UTC(2024, 0, 1);
const timeOf = (at: number) => new Date(at).toISOString().slice(0, 16);

describe('what the panel shows of an experiment, and of what training reads', () => {
  const folder = temporaryFolder();
  const factsOf = async (content: string, draft: Record<string, unknown>, name = 't.csv') => {
    const file = folder.write(name, content);
    return withProposal(await dataFacts(file, draft), await proposedFacts(file, draft));
  };
  const near = (actual: readonly (number | null)[], expected: readonly number[]) => {
    assert.equal(actual.length, expected.length);
    for (const [i, value] of expected.entries())
      assert.ok(Math.abs((actual[i] ?? Number.NaN) - value) < 1e-9, `row ${i}`);
  };
  const wave = (i: number) => Math.sin(i / 5) + i / 40;

  it('draws each of several series with its own parts, the longest first', async () => {
    const lengths = { a: 120, b: 200, c: 80 };
    const lines = Object.entries(lengths).flatMap(([name, length], s) =>
      Array.from({ length }, (_, i) => [`${timeOf(start + 24 * i * hour)},${name},${wave(i) + 10 * s}`, i] as const),
    );
    // The rows of the series lie between one another.
    lines.sort((x, y) => x[1] - y[1]);
    const csv = `day,shop,sales\n${lines.map(([line]) => line).join('\n')}\n`;
    const facts = await factsOf(csv, { data: { series: 'shop', target: 'sales' } });
    assert.equal(facts.split, null);
    assert.equal(facts.notDrawn, null);
    const { read } = facts;
    assert.deepEqual([read?.target, read?.count], ['sales', 3]);
    assert.deepEqual(read?.rows, { train: 130 + 78 + 52, validation: 30 + 18 + 12, test: 40 + 24 + 16 });
    assert.deepEqual(
      read?.series.map(({ name, rows, split, high }) => [name, rows, split, high]),
      [
        ['b', 200, { validation: 130, test: 160, end: 200 }, null],
        ['a', 120, { validation: 78, test: 96, end: 120 }, null],
        ['c', 80, { validation: 52, test: 64, end: 80 }, null],
      ],
    );
    near(
      read?.series[0]?.low ?? [],
      Array.from({ length: 200 }, (_, i) => wave(i) + 10),
    );
    assert.deepEqual(read?.series[2]?.times?.slice(0, 2), [start, start + 24 * hour]);
  });

  it('keeps of a long series the lowest and the highest value of each stretch, and of many series the longest', async () => {
    const names = Array.from({ length: limits.drawnSeries + 5 }, (_, s) => s);
    const lines = names.flatMap((s) =>
      Array.from({ length: s === 7 ? 5000 : 60 + s }, (_, i) => `${timeOf(start + i * hour)},s${s},${wave(i)}`),
    );
    const { read } = await factsOf(`t,s,y\n${lines.join('\n')}\n`, { data: { series: 's', target: 'y' } }, 'many.csv');
    assert.deepEqual([read?.count, read?.series.length], [names.length, limits.drawnSeries]);
    const [longest, next] = read?.series ?? [];
    assert.deepEqual(
      [longest?.name, longest?.at.length, next?.name],
      ['s7', limits.seriesStretches, `s${names.length - 1}`],
    );
    const ends = longest?.at.map((from, k) => {
      const own = Array.from({ length: (longest.at[k + 1] ?? 5000) - from }, (_, i) => wave(from + i));
      return [Math.min(...own), Math.max(...own)] as const;
    });
    near(longest?.low ?? [], ends?.map(([low]) => low) ?? []);
    near(longest?.high ?? [], ends?.map(([, high]) => high) ?? []);
  });

  it('draws the rows that stretches of time become', async () => {
    const rows = Array.from({ length: 24 * 60 }, (_, i) => `${timeOf(start + i * hour)},${wave(i)}`);
    const split = { validation: 0.15, test: 0.2 };
    const data = { time: 't', target: 'y', resample: { every: '1d', by: 'mean' }, split };
    const facts = await factsOf(`t,y\n${rows.join('\n')}\n`, { data });
    // Lines and the preview are those of the file.
    assert.equal(facts.rows, 24 * 60);
    assert.equal(facts.split, null);
    const [series] = facts.read?.series ?? [];
    assert.deepEqual([series?.rows, series?.split], [60, { validation: 39, test: 48, end: 60 }]);
    near(
      series?.low ?? [],
      Array.from({ length: 60 }, (_, day) => {
        return Array.from({ length: 24 }, (_, i) => wave(24 * day + i)).reduce((sum, each) => sum + each, 0) / 24;
      }),
    );
    assert.match(facts.read?.notes.map((note) => format(note)).join(' ') ?? '', /1440 rows became 60/);
    const labelled = `t,y,state\n${rows.map((row, i) => `${row},${i % 48 < 24 ? 'on' : 'off'}`).join('\n')}\n`;
    const label = await factsOf(labelled, {
      task: 'label',
      data: { time: 't', target: 'state', resample: { every: '1h', by: 'last' } },
    });
    assert.equal(label.split, null);
    assert.match(format(label.notDrawn ?? assert.fail()), /training reads one row for each 1h/);
  });

  it('draws gaps as they are filled, and where windows stop at them', async () => {
    const hours = Array.from({ length: 200 }, (_, i) => (i < 50 ? i : i + 4));
    const csv = `t,y\n${hours.map((at, i) => `${timeOf(start + at * hour)},${wave(i)}`).join('\n')}\n`;
    const rule = (gaps: string) => factsOf(csv, { data: { time: 't', target: 'y', gaps } });
    const [cut] = (await rule('cut')).read?.series ?? [];
    assert.deepEqual([cut?.rows, cut?.cuts, cut?.moreCuts], [200, [50], 0]);
    const filled = (await rule('fill')).read;
    const [series] = filled?.series ?? [];
    assert.deepEqual([series?.rows, series?.cuts], [204, []]);
    // The rows that were put in have the last value that is known.
    near(series?.low ?? [], [
      ...Array.from({ length: 50 }, (_, i) => wave(i)),
      ...new Array(4).fill(wave(49)),
      ...Array.from({ length: 150 }, (_, i) => wave(50 + i)),
    ]);
    assert.match(
      filled?.notes.map((note) => format(note)).join(' ') ?? '',
      /4 rows without values were put into 1 gaps/,
    );
    const kept = await rule('keep');
    assert.deepEqual([kept.read, kept.split], [null, { validation: 130, test: 160, end: 200 }]);
  });

  it('reads a file as the experiment says, and tells each of its choices', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${timeOf(start + i * hour)};1,${String(100 + i)};${i % 9}`);
    const draft = {
      data: { time: null, target: 'b', features: ['a'], numbers: 'point', split: { validation: 0.1, test: 0.3 } },
    };
    const csv = `t;a;b\n${rows.join('\n')}\n`;
    const guessed = await factsOf(csv, { data: {} }, 'guessed.csv');
    assert.equal(guessed.columns[1]?.numbers?.max, 1.199);
    const facts = await factsOf(csv, draft);
    assert.equal(facts.columns[1]?.numbers?.max, 1199);
    assert.deepEqual(facts.order, { by: 'file' });
    assert.deepEqual(facts.split, { validation: 60, test: 70, end: 100 });
    assert.deepEqual(
      facts.columns.map(({ role }) => role),
      [null, 'feature', 'target'],
    );
    const choices = facts.proposal.kind === 'task' ? facts.proposal.choices : [];
    const said = choices.filter(({ why }) => format(why) === 'The experiment file says so.');
    assert.deepEqual(
      said.map(({ choice, value }) => [choice, value]),
      [
        ['data.time', null],
        ['data.target', 'b'],
        ['data.features', ['a']],
        ['data.numbers', 'point'],
        ['data.split.validation', 0.1],
        ['data.split.test', 0.3],
      ],
    );
    assert.ok(choices.some(({ choice }) => choice === 'data.lookback'));
  });

  it('names what is wrong with an experiment', async () => {
    const csv = 'a,b\n1,2\n2,1\n';
    await assert.rejects(
      factsOf(csv, { data: { horizont: 3 } }),
      /there is no choice data\.horizont; did you mean data\.horizon\?/,
    );
    const facts = await factsOf(`a,b\n${'1,2\n2,3\n'.repeat(50)}`, { task: 'forecast', data: { target: 'c' } });
    assert.match(facts.proposal.kind === 'none' ? format(facts.proposal.why) : '', /c/);
  });
});
