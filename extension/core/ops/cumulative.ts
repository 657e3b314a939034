import { at, axisOf, inputOf, intOf, only, requiredConstant, shapeOf } from './arguments';
import type { Operator } from './operator';

/** Running sums along an axis, which is a constant scalar. */
export const cumSum: Operator = {
  name: 'CumSum',
  infer(application) {
    const { dtype, shape } = inputOf('CumSum', application, 0).type;
    return [{ dtype, shape }];
  },
  // A number is part of every sum from its own place on, so its gradient sums the other way.
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const [x, axis] = node.inputs;
    if (d === null || !axis || !wants(x)) return;
    const reverse = { kind: 'int', value: 1 - intOf(node.attributes, 'reverse', 0) } as const;
    contribute(x, only(b.apply('CumSum', [d, axis], { ...node.attributes, reverse })));
  },
  lift({ b, node, inputs }) {
    const { value } = at(inputs, 0);
    const axis = axisOf(at(requiredConstant('CumSum', node, 1), 0), shapeOf('CumSum', value).length - 1) + 1;
    return b.apply('CumSum', [value, b.int64s([axis])], node.attributes);
  },
};
