import { UnrollError } from '../../protocol/errors';
import type { Dim } from '../graph/value';
import { at, axisOf, constantOf, inputOf, requiredConstant, shapeOf, staticShape } from './arguments';
import type { Application, Operator } from './operator';

/** How many numbers are added before and after each axis. */
function paddings(application: Application, rank: number): { before: number; after: number }[] {
  const mode = application.attributes['mode'];
  if (mode?.kind === 'string' && mode.value !== 'constant') {
    throw new UnrollError('model', 'Pad has a rule for constant padding only, not for "{0}".', mode.value);
  }
  const pads = requiredConstant('Pad', application, 1);
  if (pads.some((count) => count < 0)) throw new UnrollError('model', 'Pad has no rule for negative padding.');
  const axes = (constantOf('Pad', application, 3) ?? Array.from({ length: rank }, (_, i) => i)).map((axis) =>
    axisOf(axis, rank),
  );
  return Array.from({ length: rank }, (_, axis) => {
    const i = axes.indexOf(axis);
    return i < 0 ? { before: 0, after: 0 } : { before: at(pads, i), after: at(pads, i + axes.length) };
  });
}

/** Puts a constant around a value. */
export const pad: Operator = {
  name: 'Pad',
  infer(application) {
    const x = inputOf('Pad', application, 0);
    const shape = shapeOf('Pad', x);
    const counts = paddings(application, shape.length);
    const grown = shape.map((dim, i): Dim => {
      const { before, after } = at(counts, i);
      if (before + after === 0) return dim;
      return typeof dim === 'number' ? before + dim + after : `${dim}_padded`;
    });
    return [{ dtype: x.type.dtype, shape: grown }];
  },
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const [x] = node.inputs;
    if (d === null || !wants(x)) return;
    const shape = staticShape('Pad', x);
    const inner = paddings(node, shape.length).reduce((cut, { before, after }, axis) => {
      if (before + after === 0) return cut;
      return b.slice(cut, before, before + at(shape, axis), axis);
    }, d);
    contribute(x, inner);
  },
  lift({ b, node, inputs }) {
    const { value } = at(inputs, 0);
    const counts = paddings(node, shapeOf('Pad', value).length - 1);
    const pads = [0, ...counts.map(({ before }) => before), 0, ...counts.map(({ after }) => after)];
    const fill = node.inputs[2];
    return b.apply('Pad', fill ? [value, b.int64s(pads), fill] : [value, b.int64s(pads)]);
  },
};
