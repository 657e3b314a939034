import { z } from 'zod';
import { count, flag, number, optional } from './fields';

/** The cells that a layer can have; `core/cells` holds their equations under these names. */
export const cellNames = [
  'rnn',
  'rnnRelu',
  'rnnSigmoid',
  'rnnIdentity',
  'characterRnn',
  'lstm',
  'lstmPeephole',
  'lstmCoupled',
  'gru',
  'gruResetBefore',
  'mgu',
  'minGru',
  'minLstm',
] as const;
export type CellName = (typeof cellNames)[number];

/** How weights start; `core/init` holds what each does under these names. */
export const initNames = ['orthogonal', 'xavier', 'he', 'irnn', 'pytorch', 'keras'] as const;
export type InitName = (typeof initNames)[number];

/** What becomes of the top layer's steps; `core/model/pooling.ts` holds them. */
export const poolings = ['last', 'mean', 'max', 'attention', 'every'] as const;
export type Pooling = (typeof poolings)[number];

export const activations = ['identity', 'tanh', 'relu', 'sigmoid'] as const;
export type Activation = (typeof activations)[number];

export const layer = z.strictObject({
  cell: z.enum(cellNames).describe('The recurrent cell.'),
  hidden: count('Units in the hidden state.').max(4096),
  bidirectional: flag('Reads the sequence in both directions and hands on both states.'),
  residual: flag('Adds what the layer reads to what it gives; both must have the same size.'),
  layerNorm: flag('Normalises the sums inside the cell over its units (Ba et al. 2016).'),
  every: z
    .int()
    .min(1)
    .max(1024)
    .default(1)
    .describe('Reads only every k-th step of the layer below: a slower recurrence on top of a fast one.'),
});

export const convolution = z.strictObject({
  filters: count('Filters, each of which becomes one input of the first layer.').max(4096),
  width: count('Steps that a filter spans; the convolution never looks ahead.').max(1024),
  activation: z.enum(activations).default('relu').describe('Applied to what the filters give.'),
});

export const head = z.strictObject({
  hidden: optional(z.int().min(1).max(4096), 'Units of one more dense layer before the output; null has none.'),
  activation: z.enum(activations).default('identity').describe('Applied to the outputs, or to the dense layer before them.'),
});

export const dropout = z.strictObject({
  between: number(0, { min: 0, max: 0.9 }, 'Probability that an input of a layer is dropped, at every step anew.'),
  variational: flag('Drops the same inputs at all steps of a sequence (Gal & Ghahramani 2016).'),
  recurrent: number(0, { min: 0, max: 0.9 }, 'Probability that a unit of the state is dropped on its way to the next step.'),
});

export const model = z.strictObject({
  embedding: optional(z.int().min(1).max(4096), 'Numbers that stand for one token; null reads tokens one-hot.'),
  convolution: optional(convolution, 'A one-dimensional convolution over time before the first layer; null has none.'),
  layers: z.array(layer).min(1).max(16).describe('Recurrent layers, first to last.'),
  pooling: z
    .enum(poolings)
    .default('last')
    .describe(
      'What the head reads: the last step, the mean, the maximum, an attention-weighted mean, or every step, as tasks with an answer at every step always do.',
    ),
  head: head.default({ hidden: null, activation: 'identity' }).describe('From the state to the outputs.'),
  dropout: dropout
    .default({ between: 0, variational: false, recurrent: 0 })
    .describe('Which units are left out while the model trains.'),
  init: z
    .enum(initNames)
    .default('orthogonal')
    .describe('How the weights start; orthogonal is Xavier for inputs and orthogonal for states.'),
  forgetBias: number(1, { min: -10, max: 10 }, 'What the bias of a forget gate starts at.'),
  decoder: z
    .enum(['direct', 'recursive'])
    .default('direct')
    .describe('direct: all steps of the horizon at once; recursive: one after another, each reading the one before.'),
  anchor: z
    .enum(['last', 'none'])
    .describe('last: the model sees each window relative to its last value, and forecasts the change from it.'),
});
