import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at } from '../ops/arguments';
import { knownShape } from '../ops/operator';
import { found } from './evaluate';
import { filled } from './filled';
import { linearForm, solveLinear } from './linearForm';
import { type CellLayer, prepareCell } from './step';

export interface Recurrence extends CellLayer {
  /** [steps, input, batch] */
  readonly x: Value;
  /** Initial value of every state, [hidden, batch], in the order of `cell.states`. */
  readonly initial: readonly Value[];
  /** Runs from the last step to the first. */
  readonly reverse: boolean;
  /** Signals to give out for every step. `cell.output` is the layer's output. */
  readonly signals: readonly string[];
  /**
   * [steps, 1, batch], 1 for a real step and 0 for padding. A padded step leaves every state as it was, so the states that are
   * given out repeat there, and a run in reverse over sequences that are padded at the end starts at each one's last real step.
   * Other signals at padded steps are what the cell makes of the padding.
   */
  readonly mask?: Value | null;
  /**
   * Recurrent dropout with one mask a sequence (Gal & Ghahramani 2016): [hidden, batch], 0 for a dropped unit and 1/keep for
   * others. It multiplies h wherever a matrix reads it; a cell without such a matrix has nothing to drop.
   */
  readonly stateDrop?: Value | null;
  /** What becomes of states after each step, by their names; padded steps stay as they are. */
  readonly changes?: StateChanges;
  /**
   * `parallel`: a cell that is linear in its state is solved for all steps at once; every other cell, and `step`, runs as a Scan.
   */
  readonly form?: 'step' | 'parallel';
}

/**
 * An intervention on a state s: after each step it is s ⊙ keep + set, and everything that reads it follows, in the same step too. The
 * gradient with respect to `set` is that with respect to the state.
 */
export interface StateChange {
  /** [steps, hidden or 1, batch or 1]; null where everything is kept. */
  readonly keep: Value | null;
  /** [steps, hidden or 1, batch or 1] */
  readonly set: Value;
}

export type StateChanges = ReadonlyMap<string, StateChange>;

/** Every asked signal as [steps, hidden, batch], and the final states as [hidden, batch] in the order of `cell.states`. */
export interface RecurrenceResult {
  readonly signals: ReadonlyMap<string, Value>;
  readonly finals: readonly Value[];
}

/**
 * Writes a cell for all steps of a sequence, as a Scan over time. The state is [hidden, batch] and the weights stand on the left
 * of every product, which lets the matrix kernel pack the small operand. Gates of one form are one product with the state and the
 * input one under the other; what else does not depend on the states is computed for all steps before the Scan.
 */
export function recurrence(b: Builder, layer: Recurrence): RecurrenceResult {
  const { cell, signals: asked, mask = null, stateDrop = null, changes = new Map() as StateChanges } = layer;
  const prepared = prepareCell(b, layer);
  const { projected, ones, env } = prepared.fromInput(b, layer.x);
  const padding = mask === null ? null : { real: mask, padded: b.sub(b.scalarLike(mask, 1), mask) };
  const waiting = new Set(prepared.plan.bound.map(({ name }) => name));
  const inside = asked.filter((name) => waiting.has(name));
  const freeSignals = asked.filter((name) => !waiting.has(name)).map((name) => [name, found(env, name)] as const);

  const shape = knownShape(layer.x.type.shape);
  const solved = layer.form !== 'step' && changes.size === 0;
  const linear = !solved || shape === null ? null : linearForm(cell);
  if (linear !== null && shape !== null) {
    const steps = at(shape, 0);
    const h = solveLinear(b, { linear, env, initial: at(layer.initial, 0), reverse: layer.reverse, steps, padding });
    const final = b.squeeze(layer.reverse ? b.slice(h, 0, 1, 0) : b.slice(h, steps - 1, steps, 0), [0]);
    return { signals: new Map([...freeSignals, ...inside.map((name) => [name, h] as const)]), finals: [final] };
  }

  const masks = padding === null ? [] : [padding.real, padding.padded];
  const changing = [...changes].flatMap(([state, { keep, set }]) => [
    ...(keep === null ? [] : [{ state, op: 'mul' as const, value: keep }]),
    { state, op: 'add' as const, value: set },
  ]);
  const scannedInputs = [...projected, ...masks, ...changing.map(({ value }) => value)];
  const scanned = b.scan(layer.initial, scannedInputs, layer.reverse, (step, states, inputs) => {
    const first = inputs.length - changing.length;
    const changed = (state: string, next: Value) =>
      changing.reduce(
        (value, { state: of, op }, i) => (of === state ? step[op](value, at(inputs, first + i)) : value),
        next,
      );
    const here = prepared.step(step, states, { projected: inputs, ones }, stateDrop, changed);
    const next = new Map(
      cell.states.map((state, i) => {
        const value = found(here, `${state}'`);
        if (padding === null) return [state, value] as const;
        const [real, padded] = [at(inputs, projected.length), at(inputs, projected.length + 1)];
        return [state, step.add(step.mul(value, real), step.mul(at(states, i), padded))] as const;
      }),
    );
    return { states: [...next.values()], outputs: inside.map((name) => next.get(name) ?? found(here, name)) };
  });
  const stacks = inside.map((name, i) => [name, at(scanned.outputs, i)] as const);
  return { signals: new Map([...freeSignals, ...stacks]), finals: scanned.states };
}

/**
 * A state of zeros, [hidden, batch], for an input x whose axis `batchAxis` is the batch (by default its last). Where the batch is
 * free, its size is read from x when the model runs.
 */
export function zeroState(b: Builder, x: Value, hidden: number, batchAxis?: number): Value {
  return filled(b, x, hidden, 0, batchAxis);
}
