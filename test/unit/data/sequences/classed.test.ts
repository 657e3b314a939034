import assert from 'node:assert/strict';
import path from 'node:path';
import { propose } from '../../../../extension/data/choices/propose';
import type { Draft } from '../../../../extension/protocol/experiment';
import { format } from '../../../../extension/protocol/messages';
import { temporaryFolder } from '../../../support/temporaryFolder';

/** So many sequences of so many rows; `row` says what stands in one. */
const tableOf = (head: string, sequences: number, rows: number, row: (sequence: number, step: number) => string) =>
  `${head}\n${Array.from({ length: sequences * rows }, (_, i) => row(Math.floor(i / rows), i % rows)).join('\n')}\n`;
const wave = (sequence: number, step: number) => Math.sin(step * (1 + (sequence % 3))).toFixed(3);
const kinds = ['high', 'low', 'middle'];

describe('sequences that have a class', () => {
  const folder = temporaryFolder();
  const chosen = async (table: string, data: Partial<Draft['data']> = {}) => {
    folder.write('table.csv', table);
    const { experiment, reasons } = await propose(folder.path, { data: { path: 'table.csv', ...data } });
    const { task, data: found } = experiment;
    return { task, series: found.series, target: found.target, features: found.features, reasons };
  };
  const recordings = (order = (sequence: number) => sequence) =>
    tableOf('id,step,kind,x', 12, 6, (s, t) => `${order(s)},${t},${kinds[s % 3]},${wave(s, t)}`);

  it('are found in a table of recordings, with the reasons', async () => {
    const { experiment, reasons } = await propose(path.resolve('samples'), { data: { path: 'gestures.csv' } });
    const { series, target, features, lookback } = experiment.data;
    assert.deepEqual(
      [experiment.task, series, target, features, lookback],
      ['classify', 'recording', 'gesture', ['x', 'y'], 40],
    );
    const why = Object.fromEntries(reasons.map((reason) => [reason.choice, format(reason.why)]));
    assert.equal(why['task'], 'The rows make 120 sequences, told apart by recording, and each has one of 3 classes.');
    assert.match(why['data.series'] ?? '', /same recording stand together/);
    assert.match(why['data.target'] ?? '', /same all through/);
  });

  it('are told apart by words or whole numbers, whatever their order', async () => {
    const found = { task: 'classify', series: 'id', target: 'kind' };
    for (const order of [(s: number) => s, (s: number) => (s * 5) % 12, (s: number) => `take ${s}`]) {
      const { features: _, reasons: __, ...rest } = await chosen(recordings(order as (s: number) => number));
      assert.deepEqual(rest, found);
    }
  });

  it('may have classes in numbers where a name says so, or where they are asked for', async () => {
    const numbered = (name: string) => tableOf(`id,${name},x`, 12, 6, (s, t) => `${s},${s % 3},${wave(s, t)}`);
    const { task, series } = await chosen(numbered('class'));
    assert.deepEqual([task, series], ['classify', 'id']);
    assert.equal((await chosen(numbered('level'))).task, 'forecast');
  });

  it('are read by whoever asks for their classes alone', async () => {
    const { task, series, features } = await chosen(recordings(), { target: 'kind' });
    assert.deepEqual([task, series], ['classify', 'id']);
    assert.ok(features.includes('x'));
  });

  it('are not what a forecast is asked of, nor rows that have times', async () => {
    assert.equal((await chosen(recordings(), { horizon: 3 })).task, 'forecast');
    assert.equal((await chosen(recordings(), { target: 'x' })).task, 'forecast');
    const dated = tableOf('shop,day,town,sold', 12, 12, (s, t) => {
      return `${s},2024-01-${String(t + 1).padStart(2, '0')},${kinds[s % 3]},${wave(s, t)}`;
    });
    const shops = await chosen(dated);
    assert.deepEqual([shops.task, shops.series, shops.target], ['forecast', 'shop', 'sold']);
  });

  it('are no rows that are scattered, that change their class, or of which each class has one', async () => {
    const graded = tableOf('score,grade,x', 60, 1, (s) => `${(s * 7) % 20},${kinds[((s * 7) % 20) % 3]},${wave(s, s)}`);
    assert.equal((await chosen(graded)).task, 'forecast');
    const changing = tableOf('id,kind,x', 12, 6, (s, t) => `${s},${kinds[(s + t) % 3]},${wave(s, t)}`);
    assert.equal((await chosen(changing)).task, 'forecast');
    const own = tableOf('id,kind,x', 3, 24, (s, t) => `${s},${kinds[s]},${wave(s, t)}`);
    assert.equal((await chosen(own)).task, 'forecast');
  });
});
