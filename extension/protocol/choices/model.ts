import { z } from 'zod';
import { cellNames, cellSentences } from './cells';
import { count, flag, number, oneOf, optional } from './fields';
import { convolutionSnippets, layerSnippets, offering } from './snippets';

/** How weights start; `core/init` holds what each does under these names. */
export const initNames = ['orthogonal', 'xavier', 'he', 'irnn', 'pytorch', 'keras'] as const;
export type InitName = (typeof initNames)[number];
const initSentences: Readonly<Record<InitName, string>> = {
  orthogonal: 'Xavier for what reads the input, an orthogonal matrix for each gate that reads the state.',
  xavier: 'Uniform, by the number of inputs and outputs, throughout (Glorot & Bengio 2010).',
  he: 'Normal, by the number of inputs, for rectified units (He et al. 2015).',
  irnn: 'The state is read by the identity, everything else begins near zero (Le, Jaitly & Hinton 2015).',
  pytorch: 'As PyTorch starts its layers: uniform by the number of units, biases too.',
  keras: 'As Keras starts its layers: Xavier, and all gates of the state as one orthogonal matrix.',
};

/** What becomes of the top layer's steps; `core/model/pooling.ts` holds them. */
export const poolings = ['last', 'mean', 'max', 'attention', 'every'] as const;
export type Pooling = (typeof poolings)[number];
const poolingSentences: Readonly<Record<Pooling, string>> = {
  last: 'The last step, which has read everything before it.',
  mean: 'The mean over the steps.',
  max: 'Of each unit the largest value over the steps.',
  attention: 'A mean whose weights are learnt from the steps (Bahdanau et al. 2015, without a query).',
  every: 'Every step, each with an answer of its own.',
};

export const activations = ['identity', 'tanh', 'relu', 'sigmoid'] as const;
export type Activation = (typeof activations)[number];
const activationSentences: Readonly<Record<Activation, string>> = {
  identity: 'Nothing is applied.',
  tanh: 'From −1 to 1.',
  relu: 'Negative values become zero.',
  sigmoid: 'From 0 to 1.',
};

/** How a decoder looks at what was read; `core/layers/attention.ts` holds the scores. */
export const attentions = ['additive', 'multiplicative', 'none'] as const;
export type Attention = (typeof attentions)[number];
const attentionSentences: Readonly<Record<Attention, string>> = {
  additive: 'The state before a word says where to look, through a small layer (Bahdanau, Cho & Bengio 2015).',
  multiplicative: 'The state after a word says where to look, by a product (Luong, Pham & Manning 2015).',
  none: 'Not at all: everything goes through the last state (Sutskever, Vinyals & Le 2014).',
};

export const layer = z.strictObject({
  cell: oneOf(cellNames, cellSentences).describe('The recurrent cell.'),
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
  activation: oneOf(activations, activationSentences).default('relu').describe('Applied to what the filters give.'),
});

export const head = z.strictObject({
  hidden: optional(z.int().min(1).max(4096), 'Units of one more dense layer before the output; null has none.'),
  activation: oneOf(activations, activationSentences)
    .default('identity')
    .describe('Applied to the outputs, or to the dense layer before them.'),
});

export const dropout = z.strictObject({
  between: number(0, { min: 0, max: 0.9 }, 'Probability that an input of a layer is dropped, at every step anew.'),
  variational: flag('Drops the same inputs at all steps of a sequence (Gal & Ghahramani 2016).'),
  recurrent: number(
    0,
    { min: 0, max: 0.9 },
    'Probability that a unit of the state is dropped on its way to the next step.',
  ),
});

export const model = z.strictObject({
  embedding: optional(z.int().min(1).max(4096), 'Numbers that stand for one token; null reads tokens one-hot.'),
  convolution: optional(
    offering(convolution, convolutionSnippets),
    'A one-dimensional convolution over time before the first layer; null has none.',
  ),
  layers: z.array(offering(layer, layerSnippets)).min(1).max(16).describe('Recurrent layers, first to last.'),
  pooling: oneOf(poolings, poolingSentences)
    .default('last')
    .describe(
      'What the head reads: the last step, the mean, the maximum, an attention-weighted mean, or every step, as tasks with an answer at every step always do.',
    ),
  head: head.default({ hidden: null, activation: 'identity' }).describe('From the state to the outputs.'),
  dropout: dropout
    .default({ between: 0, variational: false, recurrent: 0 })
    .describe('Which units are left out while the model trains.'),
  init: oneOf(initNames, initSentences).default('orthogonal').describe('How the weights start.'),
  forgetBias: number(1, { min: -10, max: 10 }, 'What the bias of a forget gate starts at.'),
  decoder: oneOf(['direct', 'recursive'], {
    direct: 'All steps of the horizon at once.',
    recursive: 'One step after another, each reading the one before.',
  })
    .default('direct')
    .describe('How the steps of the horizon are forecast.'),
  attention: oneOf(attentions, attentionSentences)
    .default('additive')
    .describe('translate: how the decoder looks at what was read.'),
  beam: z
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe('translate: beginnings that are continued side by side; 1 takes the likeliest word each time.'),
  anchor: oneOf(['last', 'none'], {
    last: 'The model sees each window relative to its last value, and forecasts the change from it; answering at every step, each step forecasts the change from its own value.',
    none: 'The model sees values as they are scaled.',
  }).describe('What the values of a window are told relative to.'),
});
