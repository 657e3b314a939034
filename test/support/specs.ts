import type { ModelSpec } from '../../extension/core/model/spec';
import type { CellName, LayerChoice } from '../../extension/protocol/experiment';

/** A plain recurrent layer, to be changed where a test needs it otherwise. */
export function layerOf(cell: CellName, hidden: number, changes: Partial<LayerChoice> = {}): LayerChoice {
  return { cell, hidden, bidirectional: false, residual: false, layerNorm: false, every: 1, ...changes };
}

/** A forecaster of one number from windows of 3 steps and 2 columns, to be changed where a test needs it otherwise. */
export function specOf(changes: Partial<ModelSpec> = {}): ModelSpec {
  return {
    steps: 3,
    input: { kind: 'values', features: 2 },
    targets: 1,
    longest: 0,
    masked: false,
    classCounts: null,
    embedding: null,
    convolution: null,
    layers: [layerOf('lstm', 4)],
    pooling: 'last',
    head: { hidden: null, activation: 'identity' },
    dropout: { between: 0, variational: false, recurrent: 0 },
    init: 'orthogonal',
    forgetBias: 1,
    anchor: 'none',
    recursive: false,
    target: 'values',
    loss: { name: 'mse', delta: 1, quantiles: [0.1, 0.5, 0.9], classWeights: null },
    classWeights: null,
    outputs: changes.targets ?? 1,
    stateful: false,
    attention: 'none',
    beam: 1,
    ...changes,
  };
}
