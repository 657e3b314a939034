import assert from 'node:assert/strict';
import { learningRate, type SchedulePosition } from '../../../../extension/core/schedules/learningRate';
import { plateauDrops } from '../../../../extension/core/schedules/plateau';
import { schedule } from '../../../../extension/protocol/choices/training';
import reference from '../../../fixtures/schedules/rates.json';

const { base } = reference;
const losses = reference.losses.map((loss) => loss ?? Number.NaN);
const start: SchedulePosition = { step: 0, steps: 100, epoch: 0, validationLosses: [] };

/** The rates at a row of positions. */
function rates(
  settings: Parameters<typeof schedule.parse>[0],
  positions: readonly Partial<SchedulePosition>[],
): number[] {
  const full = schedule.parse(settings);
  return positions.map((position) => learningRate(full, base, { ...start, ...position }));
}

const range = (length: number) => Array.from({ length }, (_, i) => i);
const ofEpochs = (count: number) => range(count).map((epoch) => ({ epoch, step: 7 * epoch }));
const ofSteps = (steps: number) => range(steps).map((step) => ({ step, steps, epoch: step % 3 }));

function assertNear(found: readonly number[], expected: readonly number[]): void {
  assert.equal(found.length, expected.length);
  found.forEach((rate, i) => {
    assert.ok(Math.abs(rate / (expected[i] ?? Number.NaN) - 1) < 1e-9, `step ${i}: ${rate}, expected ${expected[i]}`);
  });
}

describe("learning-rate schedules, beside PyTorch's", () => {
  it('step drops every few epochs, exponential after each', () => {
    const { step, exponential } = reference;
    assertNear(rates({ name: 'step', every: step.every, factor: step.factor }, ofEpochs(11)), step.rates);
    assertNear(rates({ name: 'exponential', factor: exponential.factor }, ofEpochs(11)), exponential.rates);
  });

  it('cosine falls to its minimum over all steps', () => {
    for (const { total, minimum, rates: expected } of reference.cosine)
      assertNear(rates({ name: 'cosine', minimum }, ofSteps(total)), expected);
  });

  it('one-cycle rises and falls, also over very few steps', () => {
    for (const { total, rates: expected } of reference.oneCycle)
      assertNear(rates({ name: 'oneCycle' }, ofSteps(total)), expected);
  });

  it('plateau drops when the loss stays, with its floor, and is not moved by a loss that is not a number', () => {
    for (const { factor, patience, minimum, rates: expected } of reference.plateau) {
      const positions = range(losses.length + 1).map((epoch) => ({ epoch, validationLosses: losses.slice(0, epoch) }));
      assertNear(rates({ name: 'plateau', factor, patience, minimum }, positions), expected);
    }
  });

  it('warms up before a cosine over the steps that are left', () => {
    for (const { warmup, total, minimum, rates: expected } of reference.warmupCosine)
      assertNear(rates({ name: 'cosine', warmup, minimum }, ofSteps(total)), expected);
  });
});

describe('learning-rate schedules', () => {
  it('constant stays', () => {
    assert.deepEqual(rates({}, ofSteps(5)), [base, base, base, base, base]);
  });

  it('warms up in front of any schedule, never from a rate of zero', () => {
    assertNear(rates({ warmup: 4 }, ofSteps(6)), [base / 4, base / 2, (base * 3) / 4, base, base, base]);
    const [first, second, third] = rates({ name: 'oneCycle', warmup: 2 }, ofSteps(40));
    assertNear([first ?? 0, second ?? 0, third ?? 0], [base / 50, base / 25, base / 25]);
    assertNear(rates({ name: 'exponential', factor: 0.5, warmup: 2 }, [{ step: 0, epoch: 1 }]), [base / 4]);
  });

  it('stays at the end of its course past the last step, and takes a warm-up longer than the training', () => {
    assertNear(rates({ name: 'cosine', minimum: 0.2 }, [{ step: 150 }, { step: 1000 }]), [base / 5, base / 5]);
    assertNear(rates({ name: 'oneCycle' }, [{ step: 150 }]), [base / 250_000]);
    assertNear(rates({ name: 'cosine', warmup: 200 }, [{ step: 99 }]), [base / 2]);
  });

  it('counts a loss below zero as better only where it is lower', () => {
    assert.equal(plateauDrops([-1, -1.00005, -1, -0.99995], { patience: 2 }), 1);
    assert.equal(plateauDrops([-1, -1.1, -1.2, -1.3], { patience: 0 }), 0);
  });
});
