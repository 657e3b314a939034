import assert from 'node:assert/strict';
import { itemOf, outputAxes, placeOf } from '../../../../extension/runtime/inspect/stepValues';

const counted = (count: number) => Float32Array.from({ length: count }, (_, i) => i);

describe('values step by step', () => {
  it('are taken for one item, whatever the order of the axes', () => {
    // [steps, batch, units]
    assert.deepEqual(itemOf([2, 3, 2], counted(12), { steps: 0, batch: 1 }, 1), {
      units: 2,
      values: Float32Array.of(2, 3, 8, 9),
    });
    // [batch, steps, units]
    assert.deepEqual(itemOf([2, 3, 2], counted(12), { steps: 1, batch: 0 }, 1).values, counted(12).subarray(6));
    // [units, steps] and [units, steps, more]: units count with the last axis first.
    assert.deepEqual(
      itemOf([2, 3], counted(6), { steps: 1, batch: null }, 0).values,
      Float32Array.of(0, 3, 1, 4, 2, 5),
    );
    assert.deepEqual(itemOf([2, 1, 2], counted(4), { steps: 1, batch: null }, 0).values, counted(4));
    assert.deepEqual(itemOf([3], counted(3), { steps: null, batch: 0 }, 2), { units: 1, values: Float32Array.of(2) });
    assert.deepEqual(itemOf([0, 1, 2], counted(0), { steps: 0, batch: 1 }, 0), { units: 2, values: counted(0) });
  });

  it('lie where the shape of an output says', () => {
    const fed = { steps: 5, batch: 2 };
    assert.deepEqual(outputAxes([5, 2, 4], fed), { steps: 0, batch: 1 });
    assert.deepEqual(outputAxes([2, 5, 4], fed), { steps: 1, batch: 0 });
    assert.deepEqual(outputAxes([5, 2, 2, 3], fed), { steps: 0, batch: 2 });
    assert.deepEqual(outputAxes([2, 4], fed), { steps: null, batch: 0 });
    assert.deepEqual(outputAxes([1, 2, 4], fed), { steps: null, batch: 1 });
    assert.deepEqual(outputAxes([5, 4], { steps: 5, batch: 1 }), { steps: 0, batch: null });
    assert.deepEqual(outputAxes([5], { steps: 5, batch: 1 }), { steps: 0, batch: null });
    assert.deepEqual(outputAxes([], fed), { steps: null, batch: null });
  });

  it('are chosen one by one', () => {
    const fed = { steps: 5, batch: 2 };
    assert.equal(placeOf([2, 5, 4], { output: 'y', step: 3, unit: 1 }, 1, fed), 20 + 12 + 1);
    assert.equal(placeOf([2, 4], { output: 'y', step: null, unit: 2 }, 1, fed), 6);
    assert.throws(() => placeOf([2, 5, 4], { output: 'y', step: null, unit: 1 }, 1, fed), /a value at each step/);
    assert.throws(() => placeOf([2, 5, 4], { output: 'y', step: 5, unit: 1 }, 1, fed), /no step 5: it has 5/);
    assert.throws(() => placeOf([2, 5, 4], { output: 'y', step: -1, unit: 1 }, 1, fed), /no step -1/);
    assert.throws(() => placeOf([2, 5, 4], { output: 'y', step: 0, unit: 4 }, 1, fed), /no unit 4: it has 4/);
    assert.throws(() => placeOf([2, 4], { output: 'y', step: 0, unit: 0 }, 1, fed), /one value for all steps/);
  });
});
