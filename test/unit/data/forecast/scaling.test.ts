import assert from 'node:assert/strict';
import { fitScaler, scaleValue, unscaleValue } from '../../../../extension/data/forecast/scaling';
import { UnrollError } from '../../../../extension/protocol/errors';

describe('scaling', () => {
  const values = Float64Array.from([2, 4, 4, 4, 5, 5, 7, 9]);

  it('takes the mean and the population deviation', () => {
    const scaler = fitScaler('y', values, 'none', 'standard');
    assert.deepEqual(scaler, { column: 'y', transform: 'none', floor: null, offset: 5, scale: 2 });
    assert.equal(scaleValue(scaler, 9), 2);
  });

  it('takes the range', () => {
    const scaler = fitScaler('y', values, 'none', 'minMax');
    assert.equal(scaleValue(scaler, 2), 0);
    assert.equal(scaleValue(scaler, 9), 1);
  });

  it('takes the median and the interquartile range, which outliers do not move', () => {
    const scaler = fitScaler('y', Float64Array.from([1, 2, 3, 4, 1e6]), 'none', 'robust');
    assert.deepEqual([scaler.offset, scaler.scale], [3, 2]);
    // Where half of the values are one, there is no range to take.
    const mostlyZero = fitScaler('y', Float64Array.from([0, 0, 0, 0, 0, 0, 10]), 'none', 'robust');
    assert.equal(mostlyZero.offset, 0);
    assert.ok(mostlyZero.scale > 3 && mostlyZero.scale < 4);
  });

  it('leaves out what is missing, which is 0 once it is scaled', () => {
    const scaler = fitScaler('y', Float64Array.of(Number.NaN, ...values, Number.NaN), 'none', 'standard');
    assert.deepEqual([scaler.offset, scaler.scale], [5, 2]);
    assert.equal(scaleValue(scaler, Number.NaN), 0);
    assert.equal(fitScaler('y', Float64Array.of(Number.NaN), 'none', 'robust').scale, 1);
  });

  it('leaves values alone where none is asked', () => {
    assert.equal(scaleValue(fitScaler('y', values, 'none', 'none'), 7.25), 7.25);
  });

  it('is undone exactly, for every transform and scaler', () => {
    for (const transform of ['none', 'log'] as const) {
      for (const kind of ['standard', 'robust', 'minMax', 'none'] as const) {
        const scaler = fitScaler('y', values, transform, kind);
        for (const value of [0.5, 2, 9, 1234.5]) {
          const back = unscaleValue(scaler, scaleValue(scaler, value));
          assert.ok(Math.abs(back - value) <= 1e-12 * value, `${transform} ${kind} ${value} became ${back}`);
        }
      }
    }
  });

  it('scales the log, and gives values under the floor a finite place', () => {
    const scaler = fitScaler('y', Float64Array.from([1, Math.E ** 2]), 'log', 'standard');
    assert.ok(Math.abs(scaler.offset - 1) < 1e-12 && Math.abs(scaler.scale - 1) < 1e-12);
    assert.ok(scaler.floor !== null && scaler.floor > 0 && scaler.floor < 1);
    assert.equal(scaleValue(scaler, -5), scaleValue(scaler, scaler.floor));
    assert.ok(Number.isFinite(scaleValue(scaler, 0)));
  });

  it('refuses the log of what is not positive', () => {
    assert.throws(
      () => fitScaler('y', Float64Array.from([0, 1]), 'log', 'standard'),
      (error: unknown) => error instanceof UnrollError && error.code === 'experiment',
    );
  });

  it('divides a constant column by one', () => {
    assert.equal(fitScaler('y', Float64Array.from([3, 3]), 'none', 'standard').scale, 1);
  });

  it('keeps its digits at large levels', () => {
    const scaler = fitScaler('y', Float64Array.from([1e9 + 1, 1e9 + 3]), 'none', 'standard');
    assert.equal(scaler.offset, 1e9 + 2);
    assert.equal(scaler.scale, 1);
  });
});
