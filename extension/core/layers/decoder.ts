import { stepOf } from '../cells/step';
import type { Value } from '../graph/value';
import { horizonOf, type ModelSpec } from '../model/spec';
import { at } from '../ops/arguments';
import type { Context } from './context';
import { batchLast } from './dense';
import { head } from './head';
import { cellOfLayer, cellWeights, stateName } from './recurrentLayer';

/** What a recursive decoder starts from. */
export interface DecoderStart {
  /** The encoder's final states by name, [hidden, batch]. */
  readonly finals: ReadonlyMap<string, Value>;
  /** The last known value of each target, [targetColumns, batch]. */
  readonly value: Value;
  /** While training: the truth [targets, batch], and where a step reads it [horizon, batch], one for yes and zero for no. */
  readonly teacher: { readonly truth: Value; readonly reads: Value } | null;
}

/**
 * Forecasts one step after another: layers like the encoder's, with weights of their own, start from the encoder's final states
 * and read the forecast of the step before, or the truth of the step before where a teacher says so (scheduled sampling, Bengio
 * et al. 2015). `point` makes the numbers that are read, one a target column, from the outputs of a step. The result is [outputs, batch]; the
 * outputs of a step are spread as those of a direct head are: all steps of the first output of the first column, then of the second column, and so on.
 */
export function recursiveDecoder(
  context: Context,
  spec: ModelSpec,
  start: DecoderStart,
  point: (b: Context['b'], outputs: Value) => Value,
): Value {
  const { b } = context;
  const { targetColumns = 1 } = spec;
  const horizon = horizonOf(spec);
  const outputs = spec.outputs / horizon;
  const layers = spec.layers.map((layer, n) => {
    const cell = cellOfLayer(layer);
    const below = n === 0 ? targetColumns : (spec.layers[n - 1]?.hidden ?? 1);
    const name = `decoder.${n}`;
    return {
      cell,
      layer,
      below,
      states: cell.states.map((state) => start.finals.get(stateName(`layers.${n}`, state)) ?? start.value),
      step: stepOf(b, {
        cell,
        hidden: layer.hidden,
        parameters: cellWeights(context, name, cell, below, layer.hidden),
      }),
    };
  });
  const units = at(layers, layers.length - 1).layer.hidden;
  const counts = layers.map(({ states }) => states.length);
  // The head is asked for out here, so that its parameters are not made inside the loop.
  const parameters = new Map<string, Value>();
  const outside: Context = {
    ...context,
    parameter(shape) {
      const value = parameters.get(shape.name) ?? context.parameter(shape);
      parameters.set(shape.name, value);
      return value;
    },
  };
  const given = start.teacher === null ? [] : teacherSteps(context, spec, start.value, start.teacher);
  const counted = given.length > 0 ? given : [b.zerosLike(start.value, [horizon, 1])];
  const { outputs: stacked } = b.scan(
    [...layers.flatMap(({ states }) => states), start.value],
    counted,
    false,
    (inner, states, inputs) => {
      const [truth, reads] = start.teacher === null ? [] : inputs;
      const before = at(states, states.length - 1);
      let x = truth && reads ? inner.add(before, inner.mul(reads, inner.sub(truth, before))) : before;
      const next: Value[] = [];
      let first = 0;
      for (const [n, { cell, layer, below, step }] of layers.entries()) {
        const after = step(inner, x, states.slice(first, first + at(counts, n)));
        first += at(counts, n);
        next.push(...after);
        const output = at(after, cell.states.indexOf(cell.output));
        x = layer.residual && below === layer.hidden ? inner.add(output, x) : output;
      }
      const answer = head({ ...outside, b: inner, linear: batchLast }, spec, x, units, outputs);
      return { states: [...next, point(inner, answer)], outputs: [answer] };
    },
  );
  // [horizon, outputs of a step, batch] to [outputs of a step · horizon, batch]
  const all = at(stacked, 0);
  if (outputs === 1) return b.squeeze(all, [1]);
  return b.concat(
    Array.from({ length: outputs }, (_, k) => b.squeeze(b.slice(all, k, k + 1, 1), [1])),
    0,
  );
}

/** What each step may read instead of the forecast before it [horizon, targetColumns, batch], and where it does [horizon, 1, batch]. */
function teacherSteps(
  { b }: Context,
  spec: ModelSpec,
  value: Value,
  { truth, reads }: NonNullable<DecoderStart['teacher']>,
): Value[] {
  const { targetColumns = 1 } = spec;
  const horizon = horizonOf(spec);
  const column = (k: number) => {
    const last = targetColumns === 1 ? value : b.slice(value, k, k + 1, 0);
    const before = horizon === 1 ? last : b.concat([last, b.slice(truth, k * horizon, (k + 1) * horizon - 1, 0)], 0);
    return b.unsqueeze(before, [1]);
  };
  const columns = Array.from({ length: targetColumns }, (_, k) => column(k));
  return [targetColumns === 1 ? at(columns, 0) : b.concat(columns, 1), b.unsqueeze(reads, [1])];
}
