import { UnrollError } from '../../protocol/errors';
import { at, inputOf } from './arguments';
import type { Operator } from './operator';

/** Leaves everything as it is outside of training; beside it the mask of what was kept. */
export const dropout: Operator = {
  name: 'Dropout',
  infer(application) {
    const { dtype, shape } = inputOf('Dropout', application, 0).type;
    return [
      { dtype, shape },
      { dtype: 'bool', shape },
    ];
  },
  pullback({ node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const [x] = node.inputs;
    const training = node.inputs[2];
    if (training && Number(training.constant?.data[0] ?? 1) !== 0) {
      throw new UnrollError('model', 'Dropout has a rule for inference only, not for training.');
    }
    if (d !== null && wants(x)) contribute(x, d);
  },
  lift({ b, inputs }) {
    return b.apply('Dropout', [at(inputs, 0).value]);
  },
};
