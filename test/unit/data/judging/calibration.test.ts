import assert from 'node:assert/strict';
import { Confidences } from '../../../../extension/data/judging/calibration';

describe('calibration', () => {
  it('is the mean gap between accuracy and confidence of ten bins, by their counts', () => {
    const confidences = new Confidences();
    // Bin 0.5 to 0.6: two answers of mean confidence 0.575, one right. Bin 0.9 to 1: three of 0.95, 1 and 1, all right.
    for (const [confidence, isRight] of [
      [0.55, true],
      [0.6, false],
      [0.95, true],
      [1, true],
      [1, true],
    ] as const)
      confidences.add(confidence, isRight);
    const read = confidences.read();
    assert.ok(read !== null);
    assert.deepEqual(
      read.bins.map(({ count }) => count),
      [0, 0, 0, 0, 0, 2, 0, 0, 0, 3],
    );
    assert.equal(read.bins[5]?.accuracy, 0.5);
    assert.ok(Math.abs((read.bins[5]?.confidence ?? 0) - 0.575) < 1e-12);
    assert.equal(read.bins[0]?.confidence, null);
    // (2 · |0.5 − 0.575| + 3 · |1 − 2.95 / 3|) / 5
    assert.ok(Math.abs(read.error - (2 * 0.075 + 0.05) / 5) < 1e-12, String(read.error));
  });

  it('puts the ends of the range into the outer bins, and what is no number into none', () => {
    const confidences = new Confidences();
    for (const confidence of [0, 0.1, 0.100001, Number.NaN]) confidences.add(confidence, true);
    assert.deepEqual(
      confidences.read()?.bins.map(({ count }) => count),
      [2, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    );
  });

  it('is nothing where nothing was answered', () => {
    assert.equal(new Confidences().read(), null);
  });
});
