import type { ModelSpec } from '../../extension/core/model/spec';
import { layerOf, specOf } from './specs';

const small = { steps: 5, layers: [layerOf('gru', 3)] };
const tokens = { input: { kind: 'tokens', vocabulary: 4 } } as const;
const classes = (count: number, changes: Partial<ModelSpec> = {}): Partial<ModelSpec> => ({
  target: 'classes',
  targets: count,
  outputs: count,
  loss: { ...specOf().loss, name: 'crossEntropy' },
  ...changes,
});

const translated = (changes: Partial<ModelSpec>): Partial<ModelSpec> => ({
  ...small,
  ...tokens,
  ...classes(5, { pooling: 'every', target: 'tokens' }),
  longest: 4,
  ...changes,
});

/** A model for each part of the model table, and for parts that meet. */
export const variants: Readonly<Record<string, ModelSpec>> = {
  'two layers of different cells and sizes': specOf({ ...small, layers: [layerOf('lstm', 4), layerOf('gru', 3)] }),
  bidirectional: specOf({
    ...small,
    layers: [layerOf('lstm', 3, { bidirectional: true }), layerOf('gru', 2, { bidirectional: true })],
  }),
  'bidirectional, padded': specOf({ ...small, masked: true, layers: [layerOf('lstm', 3, { bidirectional: true })] }),
  residual: specOf({ ...small, layers: [layerOf('gru', 3), layerOf('gru', 3, { residual: true })] }),
  'residual, bidirectional': specOf({
    ...small,
    layers: [layerOf('gru', 4), layerOf('gru', 2, { residual: true, bidirectional: true })],
  }),
  'layer norm': specOf({ ...small, layers: [layerOf('lstm', 4, { layerNorm: true })] }),
  'hierarchical, every second step': specOf({ ...small, layers: [layerOf('gru', 3), layerOf('gru', 2, { every: 2 })] }),
  convolution: specOf({ ...small, convolution: { filters: 3, width: 2, activation: 'tanh' } }),
  'a minimal cell, solved in parallel': specOf({ ...small, layers: [layerOf('minGru', 3), layerOf('minLstm', 3)] }),
  'the character network': specOf({
    ...small,
    ...tokens,
    ...classes(4, { pooling: 'every' }),
    layers: [layerOf('characterRnn', 3)],
  }),
  'one-hot tokens': specOf({ ...small, ...tokens, ...classes(4, { pooling: 'every' }) }),
  'embedded tokens': specOf({ ...small, ...tokens, ...classes(3), embedding: 2 }),
  'the mean of the steps': specOf({ ...small, pooling: 'mean' }),
  'the mean of the steps, padded': specOf({ ...small, pooling: 'mean', masked: true }),
  'the maximum of the steps': specOf({ ...small, pooling: 'max' }),
  'the maximum of the steps, padded': specOf({ ...small, pooling: 'max', masked: true }),
  'attention over the steps': specOf({ ...small, pooling: 'attention' }),
  'attention over the steps, padded': specOf({ ...small, pooling: 'attention', masked: true }),
  'the last step, padded': specOf({ ...small, masked: true }),
  'the last step of a residual layer, padded': specOf({
    ...small,
    masked: true,
    layers: [layerOf('minGru', 3), layerOf('mgu', 3, { residual: true })],
  }),
  'every step': specOf({ ...small, pooling: 'every', targets: 2, outputs: 2 }),
  'every step, anchored at its own value': specOf({
    ...small,
    pooling: 'every',
    anchor: 'last',
    targets: 2,
    outputs: 6,
    loss: { ...specOf().loss, name: 'quantile' },
  }),
  'every step, padded': specOf({ ...small, ...classes(3, { pooling: 'every' }), masked: true }),
  'anchored at the last value': specOf({ ...small, anchor: 'last', targets: 2, outputs: 2 }),
  'a dense layer before the head': specOf({ ...small, head: { hidden: 4, activation: 'tanh' } }),
  'an activation after the head': specOf({ ...small, head: { hidden: null, activation: 'sigmoid' } }),
  quantiles: specOf({ ...small, anchor: 'last', targets: 2, outputs: 6, loss: { ...specOf().loss, name: 'quantile' } }),
  'a mean and a variance': specOf({
    ...small,
    anchor: 'last',
    targets: 2,
    outputs: 4,
    loss: { ...specOf().loss, name: 'gaussian' },
  }),
  'a recursive decoder': specOf({
    ...small,
    layers: [layerOf('lstm', 3), layerOf('gru', 3, { residual: true })],
    recursive: true,
    targets: 3,
    outputs: 3,
    anchor: 'last',
  }),
  'a recursive decoder of quantiles': specOf({
    ...small,
    recursive: true,
    targets: 3,
    outputs: 9,
    loss: { ...specOf().loss, name: 'quantile' },
  }),
  'two columns, anchored at their last values': specOf({
    ...small,
    anchor: 'last',
    targetColumns: 2,
    targets: 6,
    outputs: 6,
    known: 1,
    input: { kind: 'values', features: 3 },
  }),
  'two columns at every step, quantiles anchored at their own values': specOf({
    ...small,
    pooling: 'every',
    anchor: 'last',
    targetColumns: 2,
    targets: 4,
    outputs: 12,
    loss: { ...specOf().loss, name: 'quantile' },
  }),
  'a recursive decoder of two columns, a mean and a variance of each': specOf({
    ...small,
    recursive: true,
    anchor: 'last',
    targetColumns: 2,
    targets: 6,
    outputs: 12,
    input: { kind: 'values', features: 3 },
    loss: { ...specOf().loss, name: 'gaussian' },
  }),
  'two classes told by one number': specOf({
    ...small,
    ...classes(2, { outputs: 1 }),
    loss: { ...specOf().loss, name: 'binaryCrossEntropy' },
  }),
  'weighted classes at every step, padded': specOf({
    ...small,
    ...classes(3, { pooling: 'every', classWeights: [1, 2, 0.5] }),
    masked: true,
  }),
  'translation with additive attention, padded': specOf(
    translated({ attention: 'additive', masked: true, layers: [layerOf('gru', 3, { bidirectional: true })] }),
  ),
  'translation with multiplicative attention, two layers': specOf(
    translated({
      attention: 'multiplicative',
      beam: 2,
      embedding: 2,
      layers: [layerOf('lstm', 4), layerOf('lstm', 4, { residual: true })],
    }),
  ),
  'translation without attention, padded': specOf(translated({ masked: true, layers: [layerOf('lstm', 3)] })),
  'transcripts by CTC': specOf({
    ...small,
    steps: 6,
    masked: true,
    pooling: 'every',
    target: 'symbols',
    targets: 3,
    outputs: 4,
    longest: 2,
    loss: { ...specOf().loss, name: 'ctc' },
  }),
};
