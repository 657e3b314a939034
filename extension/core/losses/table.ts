import type { LossName } from '../../protocol/choices/training';
import { huber, meanAbsoluteError } from './absoluteError';
import { binaryCrossEntropy } from './binaryCrossEntropy';
import { crossEntropy } from './crossEntropy';
import { ctc } from './ctc';
import { gaussian } from './gaussian';
import type { Loss } from './loss';
import { quantile } from './quantile';
import { halfSquaredSum, meanSquaredError } from './squaredError';

/** Every loss that an experiment can name. */
export const losses: Readonly<Record<LossName, Loss>> = {
  mse: meanSquaredError,
  halfSquaredSum,
  mae: meanAbsoluteError,
  huber,
  quantile,
  gaussian,
  binaryCrossEntropy,
  crossEntropy,
  ctc,
};
