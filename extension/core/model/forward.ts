import { UnrollError } from '../../protocol/errors';
import { recurrence } from '../cells/recurrence';
import { cells } from '../cells/table';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { headNames, layerNames } from './parameters';
import type { ForecasterSpec } from './spec';

/**
 * The forecaster written out for training: windows `x` of shape [lookback, features, batch] in, forecasts of shape
 * [horizon, batch] out, both in scaled units. Where it is anchored, every column is read relative to its last value, and the
 * target's last value is added to the forecast.
 */
export function forward(
  b: Builder,
  spec: ForecasterSpec,
  x: Value,
  batch: number,
  parameter: (name: string) => Value,
): Value {
  const last = b.slice(x, spec.lookback - 1, spec.lookback, 0);
  let stack = spec.anchor === 'last' ? b.sub(x, last) : x;
  let final: Value | null = null;
  spec.layers.forEach(({ cell: name, hidden }, layer) => {
    const cell = cells[name];
    const names = layerNames(layer);
    const { signals, finals } = recurrence(b, {
      cell,
      hidden,
      x: stack,
      reverse: false,
      parameters: {
        W: parameter(names.W),
        R: parameter(names.R),
        Wb: parameter(names.Wb),
        Rb: parameter(names.Rb),
      },
      initial: cell.states.map(() => b.zerosLike(x, [hidden, batch])),
      // The last layer's states along the way are nobody's input.
      signals: layer < spec.layers.length - 1 ? ['h'] : [],
    });
    stack = signals.get('h') ?? stack;
    final = finals[cell.states.indexOf('h')] ?? null;
  });
  if (final === null)
    throw new UnrollError('experiment', 'A model needs at least one recurrent layer; add one to model.layers.');
  const head = b.add(b.matMul(parameter(headNames.W), final), parameter(headNames.b));
  return spec.anchor === 'last' ? b.add(head, b.reshape(b.slice(last, 0, 1, 1), [1, batch])) : head;
}
