import assert from 'node:assert/strict';
import { geometricMean, type Result, summaryLines, tableHead, tableRow } from '../../../bench/summary';
import { median } from '../../../bench/turns';

const result = (oursMs: number, torchMs: number | null, threads: number): Result => ({
  cell: 'GRU',
  T: 50,
  B: 32,
  I: 16,
  H: 128,
  threads,
  oursMs,
  torchMs,
  tfjsMs: null,
  brainMs: 100 * oursMs,
});

describe('what the bench comes to', () => {
  it('takes medians and geometric means', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.ok(Math.abs(geometricMean([1, 4]) - 2) < 1e-12);
    assert.ok(Number.isNaN(geometricMean([])));
  });

  it('names the lowest row, and the peers that were not there', () => {
    assert.deepEqual(summaryLines([result(2, 8, 1), result(2, 2, 2), result(2, null, 2)]), [
      'torch/ours: geometric mean 2.00 over 2 rows, 1 missing; lowest 1.00 (GRU T50 B32 I16 H128, threads 2).',
      'tfjs/ours: no row measured.',
      'brain/ours: geometric mean 100 over 3 rows; lowest 100 (GRU T50 B32 I16 H128, threads 1).',
    ]);
  });

  it('prints rows as wide as the head of the table', () => {
    const line = tableRow(result(2, 3, 1), 0.705);
    assert.equal(line.length, tableHead.length);
    assert.match(line, /GRU .* 2\.00 .* 3\.00 .*missing.* 200 .* 1\.50 .*missing.* 100 .* 71 %$/);
  });
});
