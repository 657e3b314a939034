import assert from 'node:assert/strict';
import { propose } from '../../../../extension/data/choices/propose';
import { mostSay } from '../../../../extension/data/several/choices';
import { format } from '../../../../extension/protocol/messages';
import { noise } from '../../../support/noise';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('what suits several series', () => {
  const folder = temporaryFolder();
  const random = noise(4);

  /** A value for each row of each series, of its length. */
  async function guessed(series: readonly { rows: number; value: (row: number) => number }[]) {
    const lines = series.flatMap(({ rows, value }, s) =>
      Array.from({ length: rows }, (_, row) => {
        const day = new Date(Date.UTC(2020, 0, 1 + row)).toISOString().slice(0, 10);
        return `shop ${s},${day},${value(row)}\n`;
      }),
    );
    folder.write('shops.csv', `shop,day,sold\n${lines.join('')}`);
    const { experiment, reasons } = await propose(folder.path, { data: { path: 'shops.csv' } });
    const why = (choice: string) => {
      const reason = reasons.find((each) => each.choice === choice);
      return reason === undefined ? null : format(reason.why);
    };
    assert.equal(experiment.data.series, 'shop');
    return { ...experiment.data, anchor: experiment.model.anchor, why };
  }

  const weekly = (row: number) => 100 + 20 * Math.sin((2 * Math.PI * row) / 7) + random();
  const noisy = () => 100 + random();

  it('is the season of most, also where the longest has none', async () => {
    const long = { rows: 400, value: noisy };
    const { season, why } = await guessed([long, ...[200, 210, 220].map((rows) => ({ rows, value: weekly }))]);
    assert.equal(season, 7);
    assert.equal(why('data.season'), '3 of the 4 longest series repeat after 7 rows.');
    const one = await guessed([{ rows: 400, value: weekly }, ...[200, 210].map((rows) => ({ rows, value: noisy }))]);
    assert.equal(one.season, null);
    assert.equal(one.why('data.season'), '2 of the 3 longest series show no season.');
  });

  it('is the log and the last value where most grow and wander', async () => {
    const growing = () => {
      let level = 1;
      return () => {
        level *= 1.015;
        return level * (1 + 0.1 * random());
      };
    };
    const grown = (rows: number) => ({ rows, value: growing() });
    const flat = (rows: number) => ({ rows, value: noisy });
    const most = await guessed([flat(400), grown(300), grown(300), grown(300)]);
    assert.deepEqual([most.transform, most.anchor], ['log', 'last']);
    assert.equal(
      most.why('data.transform'),
      'sold is positive, and its spread grows with its level in 3 of the 4 longest series.',
    );
    assert.match(most.why('model.anchor') ?? '', /in 3 of the 4 longest series\.$/);
    const few = await guessed([grown(400), flat(300), flat(300)]);
    assert.deepEqual([few.transform, few.anchor], ['none', 'none']);
    assert.match(few.why('data.transform') ?? '', /in no more than 1 of the 3 longest series\.$/);
    assert.match(few.why('model.anchor') ?? '', /says little about the next in 2 of the 3 longest series\.$/);
  });

  it('is what equally many say as what the longest of them does', () => {
    assert.deepEqual(mostSay(['a', 'b', 'b', 'a', 'c']), { value: 'a', count: 2 });
    assert.deepEqual(mostSay(['c', 'b', 'a', 'a', 'b']), { value: 'b', count: 2 });
    assert.deepEqual(
      mostSay([130, 12, 131, 128], (a, b) => Math.abs(a - b) < 4),
      { value: 130, count: 3 },
    );
  });
});
