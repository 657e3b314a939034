import type { z } from 'zod';

/** What the editor offers to put in where a choice is a whole object. */
export interface Snippet {
  readonly label: string;
  readonly description: string;
  readonly body: unknown;
}

/** The schema with what the editor offers to put in where it is asked for. */
export const offering = <S extends z.ZodType>(schema: S, snippets: readonly Snippet[]): S =>
  schema.meta({ defaultSnippets: snippets });

/** A place to fill in, the `at`-th that Tab goes to, with what stands there at first. */
const text = (at: number, usual: string | number) => `\${${at}:${usual}}`;
/** The same for a number: what follows a circumflex is put in without quotation marks. */
const number = (at: number, usual: number) => `^${text(at, usual)}`;

export const layerSnippets: readonly Snippet[] = [
  { label: 'layer', description: 'A recurrent layer.', body: { cell: text(1, 'lstm'), hidden: number(2, 32) } },
  {
    label: 'bidirectional layer',
    description: 'Two recurrences, one in each direction: for whole sequences that are at hand.',
    body: { cell: text(1, 'lstm'), hidden: number(2, 32), bidirectional: true },
  },
  {
    label: 'slower layer',
    description: 'Reads every k-th step of the layer below.',
    body: { cell: text(1, 'lstm'), hidden: number(2, 32), every: number(3, 4) },
  },
];

export const convolutionSnippets: readonly Snippet[] = [
  {
    label: 'convolution',
    description: 'Filters over a few steps, then a rectifier.',
    body: { filters: number(1, 16), width: number(2, 5) },
  },
];

export const lossSnippets: readonly Snippet[] = [
  { label: 'mean absolute error', description: 'Forecasts the median.', body: { name: 'mae' } },
  {
    label: 'huber',
    description: 'Outliers count less than in the mean squared error.',
    body: { name: 'huber', delta: number(1, 1) },
  },
  {
    label: 'quantiles',
    description: 'Forecasts a median and a range.',
    body: { name: 'quantile', quantiles: [number(1, 0.1), number(2, 0.5), number(3, 0.9)] },
  },
  {
    label: 'balanced classes',
    description: 'Rare classes count as much as frequent ones.',
    body: { name: 'crossEntropy', classWeights: 'balanced' },
  },
];

export const scheduleSnippets: readonly Snippet[] = [
  { label: 'cosine', description: 'Falls along half a cosine.', body: { name: 'cosine', warmup: number(1, 0) } },
  { label: 'one-cycle', description: 'Rises, then falls far below.', body: { name: 'oneCycle' } },
  {
    label: 'plateau',
    description: 'Drops when the validation loss stands still.',
    body: { name: 'plateau', factor: number(1, 0.5), patience: number(2, 5) },
  },
  {
    label: 'step',
    description: 'Drops after every so many epochs.',
    body: { name: 'step', every: number(1, 10), factor: number(2, 0.5) },
  },
];

export const optimizerSnippets: readonly Snippet[] = [
  { label: 'adam', description: 'The usual first choice.', body: { name: 'adam', learningRate: number(1, 0.005) } },
  {
    label: 'adamw',
    description: 'Adam with weight decay.',
    body: { name: 'adamw', learningRate: number(1, 0.005), weightDecay: number(2, 0.01) },
  },
  {
    label: 'sgd',
    description: 'Gradient descent with momentum.',
    body: { name: 'sgd', learningRate: number(1, 0.05), momentum: number(2, 0.9) },
  },
];

export const textSnippets: readonly Snippet[] = [
  { label: 'words', description: 'For sentences.', body: { read: 'words', most: number(1, 20_000) } },
  { label: 'characters', description: 'For names, codes and misspelt texts.', body: { read: 'characters' } },
];

export const resampleSnippets: readonly Snippet[] = [
  { label: 'hours', description: 'The mean of each hour.', body: { every: text(1, '1h'), by: text(2, 'mean') } },
  { label: 'days', description: 'The sum of each day.', body: { every: text(1, '1d'), by: text(2, 'sum') } },
];

export const soundSnippets: readonly Snippet[] = [
  {
    label: 'speech',
    description: 'Forty bands, every 16 ms.',
    body: { mels: number(1, 40), window: number(2, 32), hop: number(3, 16) },
  },
  {
    label: 'slower sounds',
    description: 'Longer windows tell frequencies apart more finely, and there are fewer steps.',
    body: { mels: number(1, 64), window: number(2, 64), hop: number(3, 32) },
  },
];
