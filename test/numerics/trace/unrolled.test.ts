import assert from 'node:assert/strict';
import type { Value } from '../../../extension/core/graph/value';
import { writeModel } from '../../../extension/core/onnx/write';
import { floats } from '../../../extension/core/tensor';
import { openEditable } from '../../../extension/runtime/inspect/edited';
import { gradientsOf } from '../../../extension/runtime/inspect/gradients';
import { toOrt } from '../../../extension/runtime/session/session';
import { noise } from '../../support/noise';
import { unrolledGraph, unrolledRnn } from '../../support/unrolledGraphs';

const [steps, batch, input, hidden] = [6, 2, 3, 4];
const next = noise(11);
const x = Array.from({ length: steps * batch * input }, next);
const weights: Value[] = [];
const graph = unrolledGraph({ steps, batch, input }, (writer) => {
  const kept: typeof writer = {
    ...writer,
    weights(rows, columns) {
      const value = writer.weights(rows, columns);
      weights.push(value);
      return value;
    },
  };
  const xs = Array.from({ length: steps }, (_, step) => writer.read(step));
  writer.collect('h', unrolledRnn(kept, xs, hidden));
});
const bytes = writeModel(graph, {});
const [W = [], R = []] = weights.map(({ constant }) => Array.from(constant?.data ?? [], Number));

/** The states of the first item, [steps][hidden], by a plain loop in float64. `change` may write another value after each step. */
function states(read: readonly number[], change: (step: number, h: number[]) => void = () => {}): number[][] {
  let h = new Array<number>(hidden).fill(0);
  return Array.from({ length: steps }, (_, step) => {
    h = h.map((_, unit) => {
      let sum = 0;
      for (let i = 0; i < input; i++) sum += (read[step * batch * input + i] ?? 0) * (W[i * hidden + unit] ?? 0);
      for (let i = 0; i < hidden; i++) sum += (h[i] ?? 0) * (R[i * hidden + unit] ?? 0);
      return Math.tanh(sum);
    });
    change(step, h);
    return [...h];
  });
}

const fed = async () => ({ x: await toOrt(floats('float32', [steps, batch, input], x)) });

function assertNear(ours: ArrayLike<number>, theirs: readonly number[], tolerance: number): void {
  assert.equal(ours.length, theirs.length);
  theirs.forEach((expected, i) => {
    assert.ok(Math.abs((ours[i] ?? Number.NaN) - expected) <= tolerance, `${ours[i]} at ${i}, expected ${expected}`);
  });
}

describe('an unrolled recurrence', () => {
  it('follows an edit of its state', async () => {
    const editable = await openEditable(bytes, await fed(), 0);
    try {
      const edited = await editable.trace([{ layer: 0, state: 'h', unit: 1, from: 2, to: 4, value: 0.75 }]);
      const expected = states(x, (step, h) => {
        if (step === 2 || step === 3) h[1] = 0.75;
      });
      const h = edited.layers[0]?.signals.find(({ name }) => name === 'h');
      assertNear(h?.values ?? [], expected.flat(), 1e-6);
      // The model's own output is [steps, batch, hidden].
      const own = expected.map((_, step) =>
        edited.outputs[0]?.values.slice(step * batch * hidden, step * batch * hidden + hidden),
      );
      assertNear(
        own.flatMap((row) => [...(row ?? [])]),
        expected.flat(),
        1e-6,
      );
    } finally {
      await editable.release();
    }
  });

  it('has the gradients of a plain loop', async () => {
    const choice = { output: 'h', step: 4, unit: 2 };
    const { layers, inputs } = await gradientsOf(bytes, await fed(), 0, choice, null);
    const at = (changed: number[][]) => changed[choice.step]?.[choice.unit] ?? Number.NaN;
    const small = 1e-5;
    const slope = (nudged: (by: number) => number[][]) => (at(nudged(small)) - at(nudged(-small))) / (2 * small);
    const norms = Array.from({ length: steps }, (_, moved) => {
      const each = Array.from({ length: hidden }, (_, unit) =>
        slope((by) =>
          states(x, (step, h) => {
            if (step === moved) h[unit] = (h[unit] ?? 0) + by;
          }),
        ),
      );
      return Math.hypot(...each);
    });
    assertNear(layers[0]?.[0]?.norms ?? [], norms, 1e-5);
    const ofInput = Array.from({ length: steps * input }, (_, place) => {
      const where = Math.floor(place / input) * batch * input + (place % input);
      return slope((by) => states(x.map((value, i) => (i === where ? value + by : value))));
    });
    assertNear(inputs[0]?.values ?? [], ofInput, 1e-5);
  });
});
