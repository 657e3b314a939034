import { z } from 'zod';
import { count, flag, number, oneOf, optional, positive } from './fields';

/** Update rules; `core/optimizers` holds them under these names. */
export const optimizerNames = ['sgd', 'adagrad', 'rmsprop', 'adam', 'adamw', 'nadam'] as const;
export type OptimizerName = (typeof optimizerNames)[number];
const optimizerSentences: Readonly<Record<OptimizerName, string>> = {
  sgd: 'Gradient descent, with momentum where that is not 0.',
  adagrad: 'Divides by all gradients so far, so that its steps become ever smaller (Duchi et al. 2011).',
  rmsprop: 'Divides by the recent size of each gradient; plain, centred or with momentum (Hinton 2012).',
  adam: 'Mean gradient over its recent size; the usual first choice (Kingma & Ba 2015).',
  adamw: 'Adam with weight decay beside the gradient (Loshchilov & Hutter 2019).',
  nadam: 'Adam with Nesterov’s look ahead (Dozat 2016).',
};

/** Learning-rate schedules; `core/schedules` holds them under these names. */
export const scheduleNames = ['constant', 'step', 'exponential', 'cosine', 'oneCycle', 'plateau'] as const;
export type ScheduleName = (typeof scheduleNames)[number];
const scheduleSentences: Readonly<Record<ScheduleName, string>> = {
  constant: 'The same from the first step to the last.',
  step: 'Drops by "factor" after every so many epochs.',
  exponential: 'Drops by "factor" after each epoch.',
  cosine: 'Falls along half a cosine to "minimum" (Loshchilov & Hutter 2017, without restarts).',
  oneCycle: 'Rises to the learning rate, then falls far below it (Smith & Topin 2018).',
  plateau: 'Drops by "factor" when the validation loss has not become better for "patience" epochs.',
};

/** Losses; `core/losses` holds them under these names. */
export const lossNames = [
  'mse',
  'halfSquaredSum',
  'mae',
  'huber',
  'quantile',
  'gaussian',
  'binaryCrossEntropy',
  'crossEntropy',
  'ctc',
] as const;
export type LossName = (typeof lossNames)[number];
const lossSentences: Readonly<Record<LossName, string>> = {
  mse: 'Mean squared error: forecasts the mean.',
  halfSquaredSum: 'Half the sum of the squared errors of a batch, as textbooks write it.',
  mae: 'Mean absolute error: forecasts the median.',
  huber: 'Squared for small errors, absolute for large ones: outliers count less (Huber 1964).',
  quantile: 'Pinball loss: forecasts the quantiles that "quantiles" names.',
  gaussian: 'Forecasts a mean and a deviation, by the likelihood of a normal distribution.',
  binaryCrossEntropy: 'For two classes, with one output.',
  crossEntropy: 'For classes and characters, with an output for each.',
  ctc: 'For transcripts, over every way that they can lie in the steps (Graves et al. 2006).',
};

export const optimizer = z.strictObject({
  name: oneOf(optimizerNames, optimizerSentences).describe('The update rule.'),
  learningRate: positive('Step size.'),
  momentum: z.number().min(0).max(0.9999).describe('SGD and RMSProp: how much of the last step is kept.'),
  nesterov: flag('SGD: looks ahead along the momentum.'),
  weightDecay: number(
    0,
    { min: 0, max: 1 },
    'How strongly weights are drawn to zero: added to the gradient, in AdamW beside it.',
  ),
  beta1: number(0.9, { min: 0, max: 0.999999 }, 'Adam, AdamW, NAdam: decay of the mean gradient.'),
  beta2: number(0.999, { min: 0, max: 0.999999 }, 'Adam, AdamW, NAdam: decay of the mean squared gradient.'),
  alpha: number(0.99, { min: 0, max: 0.999999 }, 'RMSProp: decay of the mean squared gradient.'),
  centered: flag('RMSProp: divides by the variance of the gradient instead of its mean square.'),
  epsilon: optional(
    z.number().positive().max(1),
    'Keeps the divisor from zero; null takes the usual value of the rule.',
  ),
});

export const schedule = z.strictObject({
  name: oneOf(scheduleNames, scheduleSentences)
    .default('constant')
    .describe('How the learning rate changes while the model trains.'),
  warmup: z
    .int()
    .min(0)
    .default(0)
    .describe('Optimiser steps over which the learning rate rises from zero, before any schedule.'),
  every: z.int().min(1).default(10).describe('step: epochs between two drops of the learning rate.'),
  factor: number(
    0.5,
    { min: 0.000001, max: 1 },
    'step, exponential, plateau: what a drop multiplies the learning rate by.',
  ),
  patience: z.int().min(0).default(5).describe('plateau: epochs without a better validation loss before a drop.'),
  minimum: number(
    0,
    { min: 0, max: 1 },
    'cosine, plateau: the fraction of the first learning rate that is never gone below.',
  ),
});

export const loss = z.strictObject({
  name: oneOf(lossNames, lossSentences).describe('What training makes small.'),
  delta: number(1, { min: 0.000001, max: 1000000 }, 'huber: the error, in scaled units, from which it grows linearly.'),
  quantiles: z
    .array(z.number().gt(0).lt(1))
    .min(1)
    .max(32)
    .default([0.1, 0.5, 0.9])
    .describe('quantile: the quantiles to forecast, each with an output of its own.'),
  classWeights: optional(
    z.union([z.literal('balanced'), z.array(z.number().min(0)).min(1)]),
    'How much each class counts, in the order of the classes; "balanced" weighs them against their frequency.',
  ),
});

export const teacherForcing = z.strictObject({
  start: number(
    1,
    { min: 0, max: 1 },
    'Probability, at first, that a recursive step reads the truth instead of the step before.',
  ),
  end: number(0, { min: 0, max: 1 }, 'The same probability in the last epoch.'),
});

export const training = z.strictObject({
  epochs: count('Passes over the training windows.'),
  batch: count('Windows in one pass through the model.').max(65536),
  accumulate: z
    .int()
    .min(1)
    .max(4096)
    .default(1)
    .describe('Batches whose gradients are averaged into one optimiser step.'),
  loss: loss.describe('What training makes small; what suits the task unless another is asked for.'),
  optimizer: optimizer.describe('How gradients become steps.'),
  schedule: schedule
    .default({ name: 'constant', warmup: 0, every: 10, factor: 0.5, patience: 5, minimum: 0 })
    .describe('How the learning rate changes.'),
  clipNorm: z.number().positive().nullable().describe('Largest global norm of the gradient; null does not clip.'),
  clipValue: optional(z.number().positive(), 'Largest size of each number of the gradient; null does not clip.'),
  earlyStopping: optional(
    z.int().min(1),
    'Epochs without a better validation loss after which training ends; null goes on to the last epoch.',
  ),
  truncate: optional(
    z.int().min(1),
    'Steps that gradients flow back through: sequences are read in stretches of this many, and the state is carried from one to the next; null reads whole windows, each from a zero state.',
  ),
  teacherForcing: teacherForcing
    .default({ start: 1, end: 0 })
    .describe('How often a recursive decoder reads the truth while it trains.'),
  seed: z
    .int()
    .min(0)
    .max(0xffffffff)
    .describe('Seeds the initial weights, the dropped units and the order of the windows.'),
});
