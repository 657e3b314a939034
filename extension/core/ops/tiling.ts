import { at, inputOf, requiredConstant, shapeOf, staticShape } from './arguments';
import type { Operator } from './operator';

/** Repeats a value along each axis as often as a constant says. */
export const tile: Operator = {
  name: 'Tile',
  infer(application) {
    const x = inputOf('Tile', application, 0);
    const repeats = requiredConstant('Tile', application, 1);
    const shape = shapeOf('Tile', x).map((dim, axis) => {
      const count = at(repeats, axis);
      if (count === 1) return dim;
      return typeof dim === 'number' ? dim * count : `${dim}_tiled`;
    });
    return [{ dtype: x.type.dtype, shape }];
  },
  // Each axis as two, [repeats, size], of which the first is summed away.
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const x = at(node.inputs, 0);
    if (d === null || !wants(x)) return;
    const repeats = requiredConstant('Tile', node, 1);
    const shape = staticShape('Tile', x);
    const pairs = b.reshape(
      d,
      shape.flatMap((dim, axis) => [at(repeats, axis), dim]),
    );
    contribute(
      x,
      b.reduceSum(
        pairs,
        shape.map((_, axis) => 2 * axis),
        false,
      ),
    );
  },
};
