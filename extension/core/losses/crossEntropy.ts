import { floatType } from '../graph/builder';
import { at, shapeOf, staticShape } from '../ops/arguments';
import { floats } from '../tensor';
import { oneHot, requireClasses } from './classes';
import type { Loss } from './loss';
import { mean, requireShape, sumOf, weighted } from './mean';

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
    const chosen = oneHot(b, truth, classes, axis, prediction);
    let counted = weighted(b, chosen, weight);
    if (classWeights) {
      requireClasses(classWeights, classes);
      counted = b.mul(counted, b.constant(floats(floatType(prediction), [classes, 1], classWeights), 'classWeights'));
    }
    const mass = classWeights ? sumOf(b, counted) : sumOf(b, weight);
    return mean(b, b.neg(sumOf(b, b.mul(b.logSoftmax(prediction, axis), counted))), mass);
  },
  point: (b, prediction) => b.softmax(prediction, shapeOf('The loss', prediction).length - 2),
};
