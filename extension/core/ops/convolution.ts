import { UnrollError } from '../../protocol/errors';
import type { Builder } from '../graph/builder';
import type { Node } from '../graph/graph';
import type { Dim, Value } from '../graph/value';
import { inputOf, intOf, intsOf, shapeOf, staticShape } from './arguments';
import { pullbackOf } from './lowered';
import type { Application, Operator } from './operator';

/** How a kernel moves over time; counts of steps. */
interface Movement {
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
}

function movementOf({ attributes }: Pick<Application, 'attributes'>): Movement {
  const pad = attributes['auto_pad'];
  if (pad?.kind === 'string' && pad.value !== 'NOTSET') {
    throw new UnrollError('model', 'Conv has no rule for the padding "{0}".', pad.value);
  }
  if (intOf(attributes, 'group', 1) !== 1) throw new UnrollError('model', 'Conv has a rule for one group only.');
  return {
    stride: intsOf(attributes, 'strides')?.[0] ?? 1,
    dilation: intsOf(attributes, 'dilations')?.[0] ?? 1,
    before: intsOf(attributes, 'pads')?.[0] ?? 0,
    after: intsOf(attributes, 'pads')?.[1] ?? 0,
  };
}

/** How many places a kernel takes on a padded input. */
const places = (length: number, kernel: number, { stride, dilation, before, after }: Movement) =>
  Math.floor((length + before + after - dilation * (kernel - 1) - 1) / stride) + 1;

function outputLength(length: Dim, kernel: Dim, movement: Movement): Dim {
  if (typeof length === 'string' || typeof kernel === 'string') return `${length}_convolved`;
  const count = places(length, kernel, movement);
  if (count >= 1) return count;
  throw new UnrollError(
    'model',
    'A convolution over {0} steps does not fit into {1}: make the kernel smaller or the window longer.',
    movement.dilation * (kernel - 1) + 1,
    length + movement.before + movement.after,
  );
}

/**
 * The convolution as one matrix product: the numbers under the kernel at each place are put below each other, [batch,
 * kernel·channels, places], and met by the weights as [out, kernel·channels].
 */
function lowerConvolution(b: Builder, node: Node): Value[] {
  const x = inputOf('Conv', node, 0);
  const weight = inputOf('Conv', node, 1);
  const bias = node.inputs[2] ?? null;
  const [batch, channels, length] = staticShape('Conv', x) as [number, number, number];
  const [out, , kernel] = staticShape('Conv', weight) as [number, number, number];
  const movement = movementOf(node);
  const { stride, dilation, before } = movement;
  const count = places(length, kernel, movement);
  // Room for whole strides, so that the places of one tap are the first of each stride.
  const needed = dilation * (kernel - 1) + count * stride;
  const padded = b.pad(x, [0, 0, before], [0, 0, Math.max(needed - before - length, 0)]);
  const taps = Array.from({ length: kernel }, (_, tap) => {
    const run = b.slice(padded, tap * dilation, tap * dilation + count * stride, 2);
    if (stride === 1) return run;
    const strides = b.reshape(run, [batch, channels, count, stride]);
    return b.reshape(b.slice(strides, 0, 1, 3), [batch, channels, count]);
  });
  const rows = b.reshape(b.transpose(weight, [0, 2, 1]), [out, kernel * channels]);
  const product = b.matMul(rows, b.concat(taps, 1));
  return [bias === null ? product : b.add(product, b.reshape(bias, [out, 1]))];
}

/** Convolution over time: x [batch, channels, steps], weights [out, channels, kernel], bias [out], result [batch, out, places]. */
export const convolution: Operator = {
  name: 'Conv',
  infer(application) {
    const x = inputOf('Conv', application, 0);
    const shape = shapeOf('Conv', x);
    const weight = shapeOf('Conv', inputOf('Conv', application, 1));
    if (shape.length !== 3) throw new UnrollError('model', 'Conv has a rule for one dimension of time only.');
    const [batch, channels, length] = shape as [Dim, Dim, Dim];
    const [out, inputs, kernel] = weight as [Dim, Dim, Dim];
    if (typeof channels === 'number' && typeof inputs === 'number' && channels !== inputs) {
      throw new UnrollError('model', 'Conv expects {0} channels, but its input has {1}.', inputs, channels);
    }
    return [{ dtype: x.type.dtype, shape: [batch, out, outputLength(length, kernel, movementOf(application))] }];
  },
  pullback: pullbackOf(lowerConvolution),
};
