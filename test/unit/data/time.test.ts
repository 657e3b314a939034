import assert from 'node:assert/strict';
import { propose } from '../../../extension/data/choices/propose';
import { loadSeries } from '../../../extension/data/forecast/series';
import { loadData } from '../../../extension/data/load';
import type { Draft } from '../../../extension/protocol/experiment';
import { format } from '../../../extension/protocol/messages';
import { temporaryFolder } from '../../support/temporaryFolder';

const hour = 3_600_000;

describe('times', () => {
  const folder = temporaryFolder();
  const load = async (content: string, data: Partial<Draft['data']> = {}) => {
    folder.write('t.csv', content);
    const { experiment } = await propose(folder.path, {
      task: 'forecast',
      data: { path: 't.csv', target: 'v', ...data },
    });
    const series = await loadSeries(folder.path, experiment);
    return {
      time: Array.from(series.time ?? []),
      values: Array.from(series.columns[0]?.values ?? []),
      said: series.notes.map((note) => format(note)).join('\n'),
    };
  };
  const rows = (count: number, when: (i: number) => string, value = (i: number) => `${(i * 7) % 11}`) =>
    `when,v\n${Array.from({ length: count }, (_, i) => `${when(i)},${value(i)}\n`).join('')}`;
  const day = (i: number) => new Date(Date.UTC(2020, 0, i + 1)).toISOString().slice(0, 10);
  const steps = (time: readonly number[]) => [...new Set(time.slice(1).map((at, i) => at - (time[i] ?? 0)))];

  /** What a clock in Berlin shows each hour from a moment on, by the system's own calendar. */
  const berlin = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'medium' });
  const clocks = (from: number) => (i: number) => berlin.format(from + i * hour);
  const october = Date.UTC(2020, 9, 23);
  const march = Date.UTC(2020, 2, 27);

  for (const [what, from] of [
    ['repeat', october],
    ['skip', march],
  ] as const) {
    it(`of a zone have neither gap nor repeat where clocks ${what} an hour`, async () => {
      const text = rows(100, clocks(from));
      const { time, said, values } = await load(text, { zone: 'Europe/Berlin' });
      assert.deepEqual(
        time,
        Array.from({ length: 100 }, (_, i) => from + i * hour),
      );
      assert.deepEqual(
        values.slice(46, 60),
        Array.from({ length: 14 }, (_, i) => ((i + 46) * 7) % 11),
      );
      assert.equal(said, 'The times of when are read as those of clocks in Europe/Berlin.');
      // Without the zone there are both.
      assert.match((await load(text)).said, /longer than usual|the time of the row before/);
    });
  }

  it('of a zone heed the offsets that stand beside them, and leave days as they are', async () => {
    const offsets = rows(60, (i) => `${new Date(october + i * hour).toISOString().slice(0, 19)}+02:00`);
    assert.equal((await load(offsets, { zone: 'America/New_York' })).time[0], october - 2 * hour);
    const days = await load(rows(60, day), { zone: 'America/New_York' });
    assert.deepEqual([days.time[0], days.said], [Date.UTC(2020, 0), '']);
  });

  it('of a zone that clocks skip are an hour later, which is said', async () => {
    const text = rows(150, (i) => new Date(march + 36 * hour + i * hour).toISOString().slice(0, 16).replace('T', ' '));
    const { said } = await load(text, { zone: 'Europe/Berlin' });
    assert.match(
      said,
      /1 times of when are in an hour that clocks in Europe\/Berlin skip; they are read as an hour later/,
    );
  });

  it('need a zone that there is', async () => {
    await assert.rejects(
      load(rows(60, clocks(march)), { zone: 'Berlin' }),
      /data\.zone is Berlin, which is no time zone/,
    );
  });

  it('are read where a column writes them in several ways, which is said', async () => {
    const european = (i: number) => day(i).split('-').reverse().join('.');
    const { time, said } = await load(rows(150, (i) => (i < 120 ? day(i) : european(i))));
    assert.deepEqual(steps(time), [24 * hour]);
    assert.equal(time[0], Date.UTC(2020, 0));
    assert.equal(said, 'when writes its times in 2 ways, all of which are read: ISO 8601, %d.%m.%Y.');
  });

  it('are not guessed where the order of day and month differs from row to row', async () => {
    const american = (i: number) => `${day(i).slice(5, 7)}/${day(i).slice(8)}/2020`;
    const european = (i: number) => `${day(i).slice(8)}/${day(i).slice(5, 7)}/2020`;
    const { time, said } = await load(rows(60, (i) => (i < 30 ? american(i) : european(i))));
    assert.deepEqual(time, []);
    assert.match(said, /Of the times in when it cannot be told whether the month or the day comes first/);
  });

  it('name the row that is none', async () => {
    const { time, said } = await load(rows(60, (i) => (i === 40 ? 'tomorrow' : day(i))));
    assert.deepEqual(time, []);
    assert.equal(said, 'when is read as text: its other values are times, but row 41 holds "tomorrow".');
  });

  describe('resampled', () => {
    const valueAt = (i: number) => (i * 7) % 61;
    const minutes = rows(
      60 * 24 * 3,
      (i) => new Date(Date.UTC(2020, 0, 1) + i * 60_000).toISOString().slice(0, 16),
      (i) => (i % 50 === 7 ? '' : `${valueAt(i)}`),
    );
    for (const [by, expected] of [
      ['mean', (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length],
      ['sum', (values: number[]) => values.reduce((sum, value) => sum + value, 0)],
      ['last', (values: number[]) => values.at(-1) ?? Number.NaN],
    ] as const) {
      it(`become the ${by} of each hour`, async () => {
        const { time, values, said } = await load(minutes, { resample: { every: '1h', by } });
        assert.equal(time.length, 72);
        assert.deepEqual(steps(time), [hour]);
        for (const at of [0, 5, 71]) {
          const present = Array.from({ length: 60 }, (_, i) => 60 * at + i).filter((i) => i % 50 !== 7);
          assert.ok(Math.abs((values[at] ?? 0) - expected(present.map(valueAt))) < 1e-9, `${at} ${values[at]}`);
        }
        assert.match(said, new RegExp(`4320 rows became 72, one for each 1h that has any, by the ${by} of its values`));
      });
    }

    it('begin weeks on Monday and months on their first', async () => {
      const text = rows(1827, day, (i) => `${i % 5}`);
      const sum = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, i) => (from + i) % 5).reduce((all, value) => all + value, 0);
      const weeks = await load(text, { resample: { every: '1w', by: 'sum' } });
      assert.deepEqual(weeks.time.slice(0, 2), [Date.UTC(2019, 11, 30), Date.UTC(2020, 0, 6)]);
      assert.deepEqual(weeks.values.slice(0, 2), [sum(0, 5), sum(5, 12)]);
      const months = await load(text, { resample: { every: '1M', by: 'sum' } });
      assert.deepEqual(months.time.slice(0, 3), [Date.UTC(2020, 0), Date.UTC(2020, 1), Date.UTC(2020, 2)]);
      assert.deepEqual(months.values.slice(0, 2), [sum(0, 31), sum(31, 60)]);
      assert.equal(months.time.length, 60);
    });

    it('are the days of the zone', async () => {
      const { time, values } = await load(
        rows(24 * 60, clocks(october - 24 * hour), () => '1').replace(',1\n', ',2\n'),
        { zone: 'Europe/Berlin', resample: { every: '1d', by: 'sum' } },
      );
      assert.deepEqual(steps(time), [24 * hour]);
      const at = time.indexOf(Date.UTC(2020, 9, 25));
      assert.equal(values[at], 25, 'the day on which clocks repeat an hour has 25');
    });

    it('keep series apart', async () => {
      const text = `when,s,v\n${Array.from({ length: 240 }, (_, i) => `${new Date(Date.UTC(2020, 0, 1) + i * hour).toISOString().slice(0, 16)},${'ab'[i % 2]},${(i % 2) * 100 + ((i * 7) % 13)}\n`).join('')}`;
      folder.write('s.csv', text);
      const { experiment } = await propose(folder.path, {
        task: 'forecast',
        data: { path: 's.csv', target: 'v', series: 's', lookback: 4, resample: { every: '4h', by: 'mean' } },
      });
      const data = await loadData(folder.path, experiment);
      assert.ok(data.task === 'forecast');
      assert.deepEqual(data.series.several?.names, ['a', 'b']);
      const mean = (rows: readonly number[]) =>
        rows.reduce((all, i) => all + (i % 2) * 100 + ((i * 7) % 13), 0) / rows.length;
      const second = data.series.several?.starts[1] ?? 0;
      const values = data.series.columns[0]?.values ?? [];
      assert.deepEqual([second, values.length], [60, 120]);
      assert.deepEqual([values[0], values[second]], [mean([0, 2]), mean([1, 3])]);
    });

    it('need a time', async () => {
      await assert.rejects(
        load(rows(60, day), { time: null, resample: { every: '1d', by: 'sum' } }),
        /data\.resample needs a column of times as data\.time/,
      );
    });
  });

  describe('with gaps', () => {
    /** A hundred days of which three in a row lack, and then one. */
    const lacking = [40, 41, 42, 70];
    const days = Array.from({ length: 100 }, (_, i) => i).filter((i) => !lacking.includes(i));
    const text = `when,v\n${days.map((i) => `${day(i)},${(i * 7) % 11}\n`).join('')}`;

    it('are said, with where the first is', async () => {
      const { said, values } = await load(text);
      assert.match(
        said,
        /^2 steps in time are longer than usual, the first of them from 2020-02-09 to 2020-02-13; rows are taken/,
      );
      assert.equal(values.length, 96);
    });

    it('are filled by the rule for what is missing', async () => {
      const { said, values, time } = await load(text, { gaps: 'fill', missing: 'interpolate' });
      assert.deepEqual(steps(time), [24 * hour]);
      assert.match(
        said,
        /4 rows without values were put into 2 gaps in time, the first of them from 2020-02-09 to 2020-02-13/,
      );
      const [before, after] = [(39 * 7) % 11, (43 * 7) % 11];
      assert.deepEqual(
        values.slice(39, 44).map((value) => Number(value.toFixed(6))),
        [0, 1, 2, 3, 4].map((i) => Number((before + ((after - before) * i) / 4).toFixed(6))),
      );
    });

    it('are filled by nothing where that is the rule, and a column tells', async () => {
      folder.write('g.csv', text.replaceAll(/,(\d+)\n/g, ',$1,$1.5\n').replace('when,v', 'when,v,x'));
      const { experiment } = await propose(folder.path, {
        task: 'forecast',
        data: { path: 'g.csv', target: 'v', features: ['x'], gaps: 'fill', missing: 'mask' },
      });
      const { columns } = await loadSeries(folder.path, experiment);
      assert.deepEqual(
        columns.map(({ name }) => name),
        ['v', 'x', 'v is missing', 'x is missing'],
      );
      assert.deepEqual(Array.from(columns[1]?.values.slice(39, 44) ?? [], Number.isNaN), [
        false,
        true,
        true,
        true,
        false,
      ]);
      assert.deepEqual(Array.from(columns[3]?.values.slice(39, 44) ?? []), [0, 1, 1, 1, 0]);
    });

    it('are cut, and no window reaches over one', async () => {
      folder.write('c.csv', text);
      const { experiment } = await propose(folder.path, {
        task: 'forecast',
        data: {
          path: 'c.csv',
          target: 'v',
          gaps: 'cut',
          lookback: 5,
          horizon: 2,
          split: { validation: 0.15, test: 0.2 },
        },
      });
      const data = await loadData(folder.path, experiment);
      assert.ok(data.task === 'forecast');
      const time = data.series.time ?? new Float64Array();
      for (const part of ['train', 'validation', 'test'] as const) {
        const rowsOfPart: number[] = Array.from({ length: data.windows[part] }, (_, window) => data.row(part, window));
        assert.deepEqual(
          Array.from(data.origins(part)),
          rowsOfPart.map((row) => row + 5),
        );
        for (const row of rowsOfPart) {
          assert.equal((time[row + 6] ?? 0) - (time[row] ?? 0), 6 * 24 * hour, `${part} ${row}`);
        }
        // The truth of a window is what stands in its rows.
        const truth = data.truth(part);
        for (const [window, row] of rowsOfPart.entries()) {
          assert.equal(truth[2 * window], data.series.columns[0]?.values[row + 5]);
        }
      }
      // 63 training rows in pieces of 40 and 23; after an embargo of 2 the validation part has pieces of 2 and 10, and the test 17 rows.
      assert.deepEqual(data.windows, { train: 34 + 17, validation: 4, test: 11 });
      assert.match(data.notes.map((note) => format(note)).join(), /no window reaches over one/);
    });

    it('are not filled where that is more than the rest', async () => {
      await assert.rejects(
        load(
          rows(60, (i) => (i < 59 ? day(i) : '2050-01-01')),
          { gaps: 'fill' },
        ),
        /more than 10 rows for each that it has, the last of them before 2050-01-01; set data\.gaps/,
      );
    });

    it('need a time and a rule that puts something in', async () => {
      await assert.rejects(load(text, { gaps: 'fill', missing: 'drop' }), /data\.gaps puts rows without values in/);
      await assert.rejects(
        load(text, { gaps: 'cut', time: null }),
        /data\.gaps is "cut", which is for the task forecast/,
      );
    });
  });
});
