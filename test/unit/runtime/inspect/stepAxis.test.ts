import assert from 'node:assert/strict';
import { onOneAxis } from '../../../../extension/runtime/inspect/stepAxis';

const signal = (units: number, ...values: number[]) => ({
  name: 'h',
  range: 'signed' as const,
  units,
  values: Float32Array.from(values),
});
const tracedOf = (...signals: ReturnType<typeof signal>[]) => ({
  time: [1, 2, 3, 4],
  columns: [signal(1, 10, 20, 30, 0)],
  characters: null,
  choices: {
    names: ['a', 'b'],
    probabilities: Float32Array.from([1, 0, 0, 1, 1, 0, 0.5, 0.5]),
    truth: ['a', 'b', 'a', null],
  },
  trace: {
    steps: 4,
    inputs: [signal(1, 1, 2, 3, 0)],
    layers: signals.map((one) => ({
      node: 'l',
      op: 'GRU',
      direction: 'forward' as const,
      hidden: one.units,
      signals: [one],
      states: ['h'],
      equations: [],
      difference: 0,
    })),
    outputs: [],
  },
});

describe('a trace on one axis', () => {
  it('ends where the sequence ends', () => {
    const { time, columns, choices, trace } = onOneAxis(tracedOf(signal(2, 1, 2, 3, 4, 5, 6, 0, 0)), 4, 3);
    assert.deepEqual(time, [1, 2, 3]);
    assert.deepEqual([...(columns[0]?.values ?? [])], [10, 20, 30]);
    assert.deepEqual([...(choices?.probabilities ?? [])], [1, 0, 0, 1, 1, 0]);
    assert.deepEqual(choices?.truth, ['a', 'b', 'a']);
    assert.equal(trace.steps, 3);
    assert.deepEqual([...(trace.layers[0]?.signals[0]?.values ?? [])], [1, 2, 3, 4, 5, 6]);
  });

  it('shows a layer of every second step from the step on that it has read', () => {
    const { trace } = onOneAxis(tracedOf(signal(1, 7, 8)), 4, 4);
    assert.deepEqual([...(trace.layers[0]?.signals[0]?.values ?? [])], [Number.NaN, 7, 7, 8]);
  });

  it('leaves an answer about the whole sequence as it is', () => {
    const choices = { names: ['a', 'b'], probabilities: Float32Array.from([0.2, 0.8]), truth: ['b'] };
    assert.deepEqual(onOneAxis({ ...tracedOf(), choices }, 4, 2).choices, choices);
  });
});
