import { stepOf } from '../cells/step';
import type { Value } from '../graph/value';
import type { ModelSpec } from '../model/spec';
import { at } from '../ops/arguments';
import type { Context } from './context';
import { batchLast } from './dense';
import { head } from './head';
import { cellOfLayer, cellWeights, stateName } from './recurrentLayer';

/** What a recursive decoder starts from. */
export interface DecoderStart {
  /** The encoder's final states by name, [hidden, batch]. */
  readonly finals: ReadonlyMap<string, Value>;
  /** The last known value of the target, [1, batch]. */
  readonly value: Value;
  /** While training: the truth [targets, batch], and where a step reads it [targets, batch], one for yes and zero for no. */
  readonly teacher: { readonly truth: Value; readonly reads: Value } | null;
}

/**
 * Forecasts one target after another: layers like the encoder's, with weights of their own, start from the encoder's final states
 * and read the forecast of the step before, or the truth of the step before where a teacher says so (scheduled sampling, Bengio
 * et al. 2015). `point` makes the number that is read from the outputs of a step. The result is [outputs, batch]; the outputs of a
 * step are spread as those of a direct head are: all targets of the first, then all of the second.
 */
export function recursiveDecoder(
  context: Context,
  spec: ModelSpec,
  start: DecoderStart,
  point: (b: Context['b'], outputs: Value) => Value,
): Value {
  const { b } = context;
  const { targets } = spec;
  const outputs = spec.outputs / targets;
  const layers = spec.layers.map((layer, n) => {
    const cell = cellOfLayer(layer);
    const below = n === 0 ? 1 : (spec.layers[n - 1]?.hidden ?? 1);
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
  const given = start.teacher === null ? [] : teacherSteps(context, start.value, start.teacher, targets);
  const counted = given.length > 0 ? given : [b.zerosLike(start.value, [targets, 1])];
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
  // [targets, outputs of a step, batch] to [outputs of a step · targets, batch]
  const all = at(stacked, 0);
  if (outputs === 1) return b.squeeze(all, [1]);
  return b.concat(
    Array.from({ length: outputs }, (_, k) => b.squeeze(b.slice(all, k, k + 1, 1), [1])),
    0,
  );
}

/** What each step may read instead of the forecast before it, and where it does: both [targets, 1, batch]. */
function teacherSteps(
  { b }: Context,
  value: Value,
  { truth, reads }: NonNullable<DecoderStart['teacher']>,
  targets: number,
): Value[] {
  const before = targets === 1 ? value : b.concat([value, b.slice(truth, 0, targets - 1, 0)], 0);
  return [b.unsqueeze(before, [1]), b.unsqueeze(reads, [1])];
}
