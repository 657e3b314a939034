import { UnrollError } from '../../protocol/errors';
import type { Experiment, LayerChoice, Pooling } from '../../protocol/experiment';
import { losses } from '../losses/table';
import { refuseImpossible } from './possible';
import { readsEveryStep, type TargetKind, taskRules } from './task';

/** What a model must know of the data that it is built for. */
export interface DataShape {
  /** Steps of a sequence: of a window, or of the longest sequence there is. */
  readonly steps: number;
  /** What a step holds: numbers of some columns, or one token out of a vocabulary. */
  readonly input:
    | { readonly kind: 'values'; readonly features: number }
    | { readonly kind: 'tokens'; readonly vocabulary: number };
  /** Of the features of a forecast, how many of the first are forecast; one where left out. */
  readonly targetColumns?: number | undefined;
  /** Of the features of a forecast, how many of the last say what will be known as many steps later as it reaches; none where left out. */
  readonly known?: number | undefined;
  /** What is answered: how many classes, or symbols (without the blank), or numbers: of a forecast all steps of the first column, then of the second, and so on. */
  readonly targets: number;
  /** Symbols of the longest transcript; 0 for other tasks. */
  readonly longest: number;
  /** Whether sequences differ in length, so that they are padded at their end and come with a mask. */
  readonly masked: boolean;
  /** How often each class is the answer in the training part; null where classes are not the answer. */
  readonly classCounts: readonly number[] | null;
}

/** What is built: everything that decides the shapes and the equations of a model and its loss, and nothing about its training. */
export interface ModelSpec extends DataShape {
  readonly embedding: number | null;
  readonly convolution: Experiment['model']['convolution'];
  readonly layers: readonly LayerChoice[];
  readonly pooling: Pooling;
  readonly head: Experiment['model']['head'];
  readonly dropout: Experiment['model']['dropout'];
  readonly init: Experiment['model']['init'];
  readonly forgetBias: number;
  readonly anchor: Experiment['model']['anchor'];
  /** Answers the targets one after another, each step reading the answer before it. */
  readonly recursive: boolean;
  readonly target: TargetKind;
  readonly loss: Experiment['training']['loss'];
  /** How much each class counts in the loss; null where all count the same. */
  readonly classWeights: readonly number[] | null;
  /** Numbers that the head gives at a place; more than `targets` where a target is told by several, such as quantiles. */
  readonly outputs: number;
  /** Whether initial states are fed and final states given out, so that sequences go on from one batch to the next. */
  readonly stateful: boolean;
  /** Of a translation: how the decoder looks at what was read, and how many beginnings are continued side by side. */
  readonly attention: Experiment['model']['attention'];
  readonly beam: Experiment['model']['beam'];
}

/** How many steps a forecast reaches. */
export const horizonOf = ({ targets, targetColumns = 1 }: Pick<DataShape, 'targets' | 'targetColumns'>): number =>
  targets / targetColumns;

/** The model that an experiment describes for data of this shape. @throws UnrollError `experiment` for a model that cannot be. */
export function modelSpec({ task, model, training }: Experiment, shape: DataShape): ModelSpec {
  const rule = taskRules[task];
  if (!rule.losses.includes(training.loss.name)) {
    throw new UnrollError(
      'experiment',
      'The loss {0} does not fit the task {1}; set training.loss.name to one of {2}.',
      training.loss.name,
      task,
      rule.losses.join(', '),
    );
  }
  const spec: ModelSpec = {
    ...shape,
    embedding: model.embedding,
    convolution: model.convolution,
    layers: model.layers,
    pooling: readsEveryStep({ task, model }) ? 'every' : model.pooling,
    head: model.head,
    dropout: model.dropout,
    init: model.init,
    forgetBias: model.forgetBias,
    anchor: task === 'forecast' ? model.anchor : 'none',
    recursive: model.decoder === 'recursive',
    target: rule.target,
    loss: training.loss,
    classWeights: classWeights(training.loss, shape.classCounts),
    outputs: outputsOf(training.loss, shape.targets),
    stateful: training.truncate !== null,
    attention: model.attention,
    beam: model.beam,
  };
  refuseImpossible(spec);
  return spec;
}

/** Of two classes one number tells both. */
function outputsOf(loss: Experiment['training']['loss'], targets: number): number {
  const { truth, outputs } = losses[loss.name];
  return outputs(truth === 'binary' ? 1 : targets, loss);
}

/** Numbers for the weights of classes: "balanced" gives every class the same sum, and a mean of one over the answers. */
function classWeights(
  { classWeights: asked }: Experiment['training']['loss'],
  counts: readonly number[] | null,
): readonly number[] | null {
  if (asked !== 'balanced') return asked;
  if (counts === null) return null;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (count === 0 ? 0 : total / (counts.length * count)));
}
