import type { Experiment } from '../../protocol/experiment';
import { statePrefix } from '../graph/carried';
import type { Value } from '../graph/value';
import type { Context } from './context';
import { activate } from './dense';
import { withRowsBefore } from './rowsBefore';

type Settings = NonNullable<Experiment['model']['convolution']>;

/**
 * A one-dimensional convolution over time that never looks ahead: step t of the result is made of steps t - width + 1 to t, those
 * before the first being zero, or the last of the stretch before where there was one. x is [steps, units, batch], the result [steps, filters, batch].
 */
export function convolution(context: Context, x: Value, units: number, settings: Settings): Value {
  const { b, parameter } = context;
  const { filters, width, activation } = settings;
  const size = { gates: 1, out: filters, fanIn: units * width, width };
  const W = parameter({ name: 'convolution.W', shape: [filters, units, width], role: 'convolution', size });
  const bias = parameter({ name: 'convolution.b', shape: [filters], role: 'convolutionBias', size });
  // ONNX's convolution has the batch first and time last.
  return b.inPart('Convolution', () => {
    const carried = withRowsBefore(context, `${statePrefix}convolution`, x, width - 1, units);
    const timeLast = b.transpose(carried ?? x, [2, 1, 0]);
    const convolved = b.conv(timeLast, W, bias, { pads: [carried === null ? width - 1 : 0, 0] });
    return activate(b, activation, b.transpose(convolved, [2, 1, 0]));
  });
}
