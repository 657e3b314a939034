import assert from 'node:assert/strict';
import { loadHistory, loadSeries } from '../../../../extension/data/forecast/series';
import type { Experiment } from '../../../../extension/protocol/experiment';
import { format } from '../../../../extension/protocol/messages';
import { experimentOn } from '../../../support/experiments';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('series', () => {
  const folder = temporaryFolder();
  const load = async (content: string, data: Partial<Experiment['data']> = {}) => {
    folder.write('y.csv', content);
    const series = await loadSeries(folder.path, experimentOn(data));
    return {
      ...series,
      values: series.columns.map(({ values }) => Array.from(values)),
      said: series.notes.map((note) => format(note)),
    };
  };
  const day = (date: string) => Date.parse(`2020-01-${date}`);

  it('puts the target first and the features in their order', async () => {
    const { columns, values, time } = await load('b,y,a\n1,2,3\n4,5,6\n', { features: ['a', 'b'] });
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['y', 'a', 'b'],
    );
    assert.deepEqual(values, [
      [2, 5],
      [3, 6],
      [1, 4],
    ]);
    assert.equal(time, null);
  });

  it('sorts by time and says so', async () => {
    const { values, time, said } = await load('t,y\n2020-01-03,3\n2020-01-01,1\n2020-01-02,2\n', { time: 't' });
    assert.deepEqual(values, [[1, 2, 3]]);
    assert.deepEqual(Array.from(time ?? []), [day('01'), day('02'), day('03')]);
    assert.match(said.join(), /sorted/);
  });

  it('leaves out rows without a time and rows that say the same twice', async () => {
    const { values, said } = await load('t,y\n2020-01-01,1\n,9\n2020-01-02,2\n2020-01-02,2\n2020-01-03,3\n', {
      time: 't',
    });
    assert.deepEqual(values, [[1, 2, 3]]);
    assert.match(said.join(), /1 rows without a time.*1 rows that repeat/);
  });

  it('keeps the order of the file among a few rows with the same time', async () => {
    const hour = (i: number) => new Date(Date.UTC(2020, 0, 1, i)).toISOString();
    const lines = Array.from({ length: 200 }, (_, i) => `${hour(i === 101 ? 100 : i)},${i}`);
    const { values, said } = await load(`t,y\n${lines.join('\n')}\n`, { time: 't' });
    assert.deepEqual(values[0]?.slice(99, 103), [99, 100, 101, 102]);
    assert.match(said.join(), /the first of them at 2020-01-05 04:00/);
  });

  it('cuts off rows before the first and after the last value of the target', async () => {
    const { values } = await load('y,z\n,1\n2,2\n,3\n4,4\n,5\n', { features: ['z'] });
    assert.deepEqual(values, [
      [2, 2, 4],
      [2, 3, 4],
    ]);
  });

  it('fills or drops what is missing by the rule, and says how much', async () => {
    const text = 'y,z\n1,\n2,5\n,6\n4,\n5,9\n6,9\n7,9\n8,9\n9,9\n10,9\n';
    const whole = { features: ['z'], split: { validation: 0, test: 0 } };
    const dropped = await load(text, { ...whole, missing: 'drop' });
    assert.deepEqual(dropped.values[0], [2, 5, 6, 7, 8, 9, 10]);
    assert.match(dropped.said.join(), /3 rows with a missing value/);
    const held = await load(text, { ...whole, missing: 'forwardFill' });
    assert.deepEqual(held.values[0]?.slice(0, 4), [2, 2, 4, 5]);
    assert.deepEqual(held.values[1]?.slice(0, 4), [5, 6, 6, 9]);
    assert.match(held.said.join(), /first 1 rows.*1 missing values of y.*1 missing values of z/);
    const drawn = await load(text, { ...whole, missing: 'interpolate' });
    assert.deepEqual(drawn.values[0]?.slice(0, 4), [1, 2, 3, 4]);
    assert.deepEqual(drawn.values[1]?.slice(0, 5), [5, 5, 6, 7.5, 9]);
  });

  it('masks what is missing, and tells where; the target takes the last value seen', async () => {
    const text = 'y,z,w\n1,,1\n2,5,2\n,6,3\n4,,4\n5,9,5\n';
    const { columns, values, said } = await load(text, { features: ['z', 'w'], missing: 'mask' });
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['y', 'z', 'w', 'y is missing', 'z is missing'],
    );
    assert.deepEqual(values, [
      [1, 2, 2, 4, 5],
      [Number.NaN, 5, 6, Number.NaN, 9],
      [1, 2, 3, 4, 5],
      [0, 0, 1, 0, 0],
      [1, 0, 0, 1, 0],
    ]);
    assert.match(said.join('\n'), /2 missing values of z are 0 to the model once it is scaled/);
  });

  it('leaves out rows where more values in a row are missing than may be filled, and cuts there', async () => {
    const values = [1, 2, '', 3, '', '', '', 4, 5, '', '', 6, 7];
    const text = `y,z\n${values.map((value, i) => `${i},${value}`).join('\n')}\n`;
    const { values: read, cuts, said } = await load(text, { features: ['z'], fillLimit: 1 });
    assert.deepEqual(read, [
      [0, 1, 2, 3, 4, 7, 8, 9, 11, 12],
      [1, 2, 2, 3, 3, 4, 5, 5, 6, 7],
    ]);
    assert.deepEqual(cuts, [5, 8]);
    assert.match(said.join(), /3 rows were left out where more than 1 values in a row are missing/);
    assert.equal((await load(text, { features: ['z'], fillLimit: 3 })).rows, values.length);
  });

  it('draws no line over a split', async () => {
    const { values } = await load('y\n0\n1\n2\n3\n4\n5\n\n'.replace('5\n\n', '5\nNA\nNA\n800\n900\n'), {
      missing: 'interpolate',
      split: { validation: 0, test: 0.3 },
    });
    assert.deepEqual(values[0], [0, 1, 2, 3, 4, 5, 5, 5, 800, 900]);
  });

  it('counts steps in time that are longer than usual', async () => {
    const { said } = await load('t,y\n2020-01-01,1\n2020-01-02,2\n2020-01-03,3\n2020-01-06,6\n2020-01-07,7\n', {
      time: 't',
    });
    assert.match(said.join(), /^1 steps in time are longer/);
  });

  it('reads a history without a split', async () => {
    const file = folder.write('h.csv', 't,y\n2020-01-01,1\n2020-01-02,\n2020-01-03,3\n');
    const { rows, columns } = await loadHistory(file, ['y'], 't', 'interpolate');
    assert.equal(rows, 3);
    assert.deepEqual(Array.from(columns[0]?.values ?? []), [1, 2, 3]);
  });
});
