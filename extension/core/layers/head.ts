import type { Value } from '../graph/value';
import type { ModelSpec } from '../model/spec';
import type { Context } from './context';
import { activate, dense } from './dense';

/** From the state to the outputs: [units, batch] to [outputs, batch], or the same for every step with a steps' axis before. */
export function head(context: Context, spec: Pick<ModelSpec, 'head'>, x: Value, units: number, outputs: number): Value {
  const { b } = context;
  const { hidden, activation } = spec.head;
  if (hidden === null) return activate(b, activation, dense(context, 'head', x, units, outputs));
  return dense(
    context,
    'head',
    activate(b, activation, dense(context, 'head.hidden', x, units, hidden)),
    hidden,
    outputs,
  );
}
