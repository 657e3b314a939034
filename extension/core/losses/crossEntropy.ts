import { floatType, int } from '../graph/builder';
import { at, shapeOf, staticShape } from '../ops/arguments';
import { transposed } from '../ops/linear';
import { floats } from '../tensor';
import { requireClasses } from './classes';
import type { Loss } from './loss';
import { mean, requireShape, sumOf } from './mean';

/**
 * Cross-entropy with logits: -ln softmax(x) at the class. With class weights c, as in PyTorch's CrossEntropyLoss, the weighted
 * mean Σ w c e / Σ w c over items of class weight c. The point forecast is the probability of every class.
 */
export const crossEntropy: Loss = {
  truth: 'classes',
  outputs: (targets) => targets,
  build(b, { prediction, truth, weight, classWeights }) {
    const shape = staticShape('The loss', prediction);
    const axis = shape.length - 2;
    const classes = at(shape, axis);
    requireShape(truth, [...shape.slice(0, axis), ...shape.slice(axis + 1)]);
    requireShape(weight, staticShape('The loss', truth));
    // What padding holds may be no class.
    const chosen = b.where(b.greater(weight, b.scalarLike(weight, 0)), truth, b.int32s([], [0]));
    let counted = weight;
    if (classWeights) {
      requireClasses(classWeights, classes);
      const table = b.constant(floats(floatType(prediction), [classes], classWeights), 'classWeights');
      counted = b.mul(weight, b.gather(table, chosen, 0));
    }
    // Of many classes one is looked at: the others need no zeros to be multiplied by.
    const logs = b.logSoftmax(transposed(b, prediction), axis + 1);
    const indices = b.unsqueeze(chosen, [axis + 1]);
    const picked = b.apply('GatherElements', [logs, indices], { axis: int(axis + 1) });
    const log = b.squeeze(at(picked, 0), [axis + 1]);
    return mean(b, b.neg(sumOf(b, b.mul(log, counted))), sumOf(b, counted));
  },
  point: (b, prediction) => b.softmax(prediction, shapeOf('The loss', prediction).length - 2),
};
