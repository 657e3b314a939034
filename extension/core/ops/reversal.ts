import { at, inputOf, only } from './arguments';
import type { Operator } from './operator';

/** Turns the first steps of each sequence around, as many as it is long; turning them once more is the gradient. */
export const reverseSequence: Operator = {
  name: 'ReverseSequence',
  infer(application) {
    const { dtype, shape } = inputOf('ReverseSequence', application, 0).type;
    return [{ dtype, shape }];
  },
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const x = at(node.inputs, 0);
    if (d !== null && wants(x)) {
      contribute(x, only(b.apply('ReverseSequence', [d, inputOf('ReverseSequence', node, 1)], node.attributes)));
    }
  },
};
