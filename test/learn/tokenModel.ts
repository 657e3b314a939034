import type { ModelSpec } from '../../extension/core/model/spec';
import type { LayerChoice } from '../../extension/protocol/experiment';
import { specOf } from '../support/specs';

/** A network of one layer that reads tokens one-hot and answers with one of `targets` classes, at every step unless changed. */
export function tokenModel(
  size: { readonly steps: number; readonly vocabulary: number; readonly targets: number },
  layer: LayerChoice,
  changes: Partial<ModelSpec> = {},
): ModelSpec {
  const { steps, vocabulary, targets } = size;
  return specOf({
    steps,
    input: { kind: 'tokens', vocabulary },
    targets,
    layers: [layer],
    pooling: 'every',
    target: 'classes',
    loss: { name: 'crossEntropy', delta: 1, quantiles: [], classWeights: null },
    ...changes,
  });
}
