import assert from 'node:assert/strict';
import path from 'node:path';
import { propose } from '../../../../extension/data/choices/propose';
import type { Draft } from '../../../../extension/protocol/experiment';
import { format } from '../../../../extension/protocol/messages';
import { noise } from '../../../support/noise';
import { temporaryFolder } from '../../../support/temporaryFolder';

const day = (row: number) => new Date(Date.UTC(2021, 0, 1 + row));
const dayText = (row: number) => day(row).toISOString().slice(0, 10);

/** A line of a shop's table: what was sold stands in the first rows alone. */
interface Line {
  readonly sold: number | '';
  readonly price: number | '';
  readonly weather: number | '';
  readonly weekday: number;
}

describe('what is proposed to be known ahead', () => {
  const folder = temporaryFolder();

  /** `ahead` rows have no target yet; what else they lack `change` says. */
  function lines(
    rows: number,
    ahead: number,
    seed: number,
    change: (line: Line, row: number) => Partial<Line> = () => ({}),
  ) {
    const next = noise(seed);
    return Array.from({ length: rows + ahead }, (_, row): Line => {
      const line: Line = {
        sold: row < rows ? 50 + 10 * next() : '',
        price: Math.round(100 * next()) / 10,
        weather: row < rows ? 20 * next() : '',
        weekday: day(row).getUTCDay(),
      };
      return { ...line, ...change(line, row) };
    });
  }

  const write = (all: readonly Line[], series: string | null = null, header = true) => {
    const own = series === null ? '' : `${series},`;
    const body = all.map(
      ({ sold, price, weather, weekday }, row) => `${own}${dayText(row)},${sold},${price},${weather},${weekday}\n`,
    );
    return (header ? `${series === null ? '' : 'shop,'}day,sold,price,weather,weekday\n` : '') + body.join('');
  };

  async function guessed(text: string, data: Partial<Draft['data']> = {}) {
    folder.write('shop.csv', text);
    const { experiment, reasons } = await propose(folder.path, { data: { path: 'shop.csv', target: 'sold', ...data } });
    const reason = reasons.find(({ choice }) => choice === 'data.known');
    return { known: experiment.data.known, why: reason === undefined ? null : format(reason.why), experiment };
  }

  it('has a window with room for it where a person names it and rows are few', async () => {
    const data = { known: ['price'], horizon: 24, time: 'day' };
    const { experiment } = await guessed(write(lines(400, 0, 1)), data);
    assert.ok(experiment.data.lookback >= 24, `${experiment.data.lookback}`);
  });

  it('is what the file says of rows to come, and what follows from the time, never what is measured', async () => {
    const { known, why } = await guessed(write(lines(200, 7, 1)), { horizon: 7 });
    assert.deepEqual(known, ['price', 'weekday']);
    // The weekday is said too.
    assert.equal(why, 'price, weekday: given in rows that have no sold yet, so known ahead.');
    const dated = await guessed(write(lines(200, 0, 1)));
    assert.deepEqual(dated.known, ['weekday']);
    assert.equal(dated.why, 'weekday: determined by day alone in the training part, so known ahead.');
    const both = await guessed(
      write(lines(200, 3, 1, (_, row) => (row < 200 ? {} : { weekday: Number.NaN }))).replaceAll('NaN', ''),
    );
    assert.deepEqual(both.known, ['price', 'weekday']);
    assert.match(both.why ?? '', /^price: given .*; weekday: determined by day alone/);
  });

  it('is told of as many rows as are forecast, of every series', async () => {
    const few = await guessed(write(lines(200, 3, 1)), { horizon: 4, time: null });
    assert.deepEqual(few.known, []);
    assert.match(few.why ?? '', /^No other column/);
    assert.deepEqual((await guessed(write(lines(200, 4, 1)), { horizon: 4, time: null })).known, ['price', 'weekday']);
    const two = (second: number) => write(lines(120, 2, 1), 'a') + write(lines(120, second, 2), 'b', false);
    assert.deepEqual((await guessed(two(2), { horizon: 2 })).known, ['price', 'weekday']);
    assert.deepEqual((await guessed(two(1), { horizon: 2 })).known, ['weekday']);
  });

  it('is never what is almost the target, now or some rows later', async () => {
    const copied = lines(200, 3, 1, ({ sold }) => (sold === '' ? {} : { price: sold * 2 + 1 }));
    assert.deepEqual((await guessed(write(copied), { time: null })).known, ['weekday']);
    const all = lines(200, 3, 1);
    const shifted = all.map((line, row) => ({ ...line, price: all[row + 2]?.sold || line.price }));
    assert.deepEqual((await guessed(write(shifted), { horizon: 2, time: null })).known, ['weekday']);
  });

  it('is nothing that only counts on, or has gaps where there is a target', async () => {
    const counted = lines(200, 3, 1, (_, row) => ({ price: 7 + 3 * row }));
    assert.deepEqual((await guessed(write(counted), { time: null })).known, ['weekday']);
    const holed = lines(200, 3, 1, (_, row) => (row % 50 === 3 ? { price: '' } : {}));
    assert.deepEqual((await guessed(write(holed), { time: null })).known, ['weekday']);
  });

  it('is decided by nothing that comes after the training part', async () => {
    const before = await guessed(write(lines(200, 3, 1)));
    const border = Math.floor(200 * (1 - before.experiment.data.split.test - before.experiment.data.split.validation));
    const changed = lines(200, 3, 1, ({ sold }, row) =>
      row < border + 2 ? {} : { weekday: 3, price: sold === '' ? 1 : sold, sold: sold === '' ? '' : 1000 + row },
    );
    const after = await guessed(write(changed));
    assert.deepEqual([after.known, after.why], [before.known, before.why]);
  });

  it('is asked for, or nothing where the columns are', async () => {
    const text = write(lines(200, 3, 1));
    assert.deepEqual(await guessed(text, { known: [] }).then(({ known, why }) => [known, why]), [[], null]);
    assert.deepEqual(await guessed(text, { features: ['weather'] }).then(({ known, why }) => [known, why]), [[], null]);
    assert.deepEqual((await guessed(text, { horizon: 3, lookback: 2 })).known, []);
  });

  it('stands beside the column that ends before it, which is what is asked for', async () => {
    const targetOf = async (text: string) => {
      folder.write('open.csv', text);
      const { experiment, reasons } = await propose(folder.path, { data: { path: 'open.csv' } });
      return {
        ...experiment.data,
        why: format(reasons.find(({ choice }) => choice === 'data.target')?.why ?? assert.fail()),
      };
    };
    const measured = (line: Line) => ({ weather: line.weather === '' ? 3 : line.weather });
    const open = await targetOf(write(lines(200, 5, 1, measured)));
    assert.deepEqual([open.target, open.known], ['sold', ['price', 'weather', 'weekday']]);
    assert.equal(open.why, 'sold is the only column that ends before the others, so what it will be is asked for.');
    // Two that end, none, and one that ended long ago; then the name or the place says it, and price is a name.
    for (const all of [lines(200, 5, 1), lines(200, 0, 1), lines(150, 50, 1, measured)]) {
      assert.equal((await targetOf(write(all))).target, 'price');
    }
    const both = (second: number) =>
      write(lines(120, 4, 1, measured), 'a') + write(lines(120, second, 2, measured), 'b', false);
    assert.deepEqual([(await targetOf(both(4))).target, (await targetOf(both(0))).target], ['sold', 'price']);
  });

  it('is nothing in a file without other columns, and keeps that one target', async () => {
    const { experiment, reasons } = await propose(path.resolve('samples'), {
      data: { path: 'airline-passengers.csv' },
    });
    assert.deepEqual([experiment.data.target, experiment.data.known], ['Passengers', []]);
    const why = reasons.find(({ choice }) => choice === 'data.known')?.why;
    assert.equal(why && format(why), 'There is no other column of numbers.');
  });
});
