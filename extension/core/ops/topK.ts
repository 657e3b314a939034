import { at, axisOf, inputOf, intOf, requiredConstant, shapeOf, staticShape } from './arguments';
import { scatter } from './gather';
import type { Operator } from './operator';

/** The largest numbers along an axis and where they are, as int64; how many is a constant. */
export const topK: Operator = {
  name: 'TopK',
  infer(application) {
    const x = inputOf('TopK', application, 0);
    const shape = shapeOf('TopK', x);
    const axis = axisOf(intOf(application.attributes, 'axis', -1), shape.length);
    const count = at(requiredConstant('TopK', application, 1), 0);
    const kept = shape.map((dim, i) => (i === axis ? count : dim));
    return [
      { dtype: x.type.dtype, shape: kept },
      { dtype: 'int64', shape: kept },
    ];
  },
  // Each number that was taken has the gradient of its copy; the others have none.
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const [x] = node.inputs;
    const places = node.outputs[1];
    if (d === null || !places || !wants(x)) return;
    const shape = staticShape('TopK', x);
    contribute(x, scatter(b, shape, places, d, axisOf(intOf(node.attributes, 'axis', -1), shape.length)));
  },
};
