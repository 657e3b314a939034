import { taskRules } from '../../core/model/task';
import { layer, model } from '../../protocol/choices/model';
import { training } from '../../protocol/choices/training';
import type { CheckedDraft, Experiment, Task } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { suitsAnchor } from '../forecast/character';
import { mostSay } from '../several/choices';
import type { Chooser, Guess } from './chooser';
import {
  embeddingDefaults,
  languageDefaults,
  layerDefault,
  soundDefaults,
  tagDefaults,
  textDefaults,
  trainingDefaults,
  transcriptDefaults,
  translationDefaults,
} from './defaults';

type ModelDraft = NonNullable<CheckedDraft['model']>;

/** What is trained to forecast. `training` holds the target's training rows, of several series those of the longest. */
export function chooseForecaster(
  asked: ModelDraft,
  target: string,
  training: readonly Float64Array[],
  chooser: Chooser,
): Experiment['model'] {
  return model.parse({
    ...asked,
    layers: chooseLayers(asked, chooser),
    anchor: chooser.take<Experiment['model']['anchor']>('model.anchor', asked.anchor, () =>
      guessAnchor(target, training),
    ),
  });
}

function guessAnchor(target: string, training: readonly Float64Array[]): Guess<Experiment['model']['anchor']> {
  const { value: suits, count } = mostSay(training.map(suitsAnchor));
  const all = training.length;
  if (suits) {
    const why =
      count === all
        ? message('From row to row {0} moves less than it does about its mean.', target)
        : message(
            'From row to row {0} moves less than it does about its mean in {1} of the {2} longest series.',
            target,
            count,
            all,
          );
    return { value: 'last', why };
  }
  const why =
    count === all
      ? message('The last value of {0} says little about the next.', target)
      : message(
          'The last value of {0} says little about the next in {1} of the {2} longest series.',
          target,
          count,
          all,
        );
  return { value: 'none', why };
}

/** What is trained for every other task. `tokens` is how many different ones are read; null where numbers are. */
export function chooseModel(asked: ModelDraft, tokens: number | null, chooser: Chooser): Experiment['model'] {
  const { mostOneHot, size } = embeddingDefaults;
  const embedding = () =>
    chooser.take<number | null>('model.embedding', asked.embedding, () =>
      tokens === null || tokens <= mostOneHot
        ? { value: null, why: message('So few different characters can be read one-hot.') }
        : {
            value: size,
            why: message('{0} different characters are better read as {1} learnt numbers each.', tokens, size),
          },
    );
  return model.parse({
    ...asked,
    embedding: tokens === null ? asked.embedding : embedding(),
    layers: chooseLayers(asked, chooser),
    anchor: asked.anchor ?? 'none',
  });
}

/** What is trained to go on with a text of `length` characters or words, of which `tokens` are different. */
export function chooseLanguageModel(
  asked: ModelDraft,
  tokens: number,
  length: number,
  chooser: Chooser,
): Experiment['model'] {
  const { long, hidden, dropout } = languageDefaults;
  const units = length < long ? hidden.short : hidden.long;
  const layers = chooser.take('model.layers', asked.layers, () => ({
    value: [layer.parse({ cell: 'lstm', hidden: units })],
    why: message('{0} units learn much of a text of this length within a few minutes.', units),
  }));
  return chooseModel(
    { ...asked, layers, dropout: asked.dropout ?? model.shape.dropout.parse({ between: dropout }) },
    tokens,
    chooser,
  );
}

/** What a model that reads whole items usually is; what is left out is left to the schema. */
interface UsualReader {
  readonly embedding?: number;
  readonly layer: unknown;
  readonly pooling?: Experiment['model']['pooling'];
  readonly dropout: number;
}

function chooseReader(
  asked: ModelDraft,
  usual: UsualReader,
  why: { readonly layers: Message; readonly pooling?: Message },
  chooser: Chooser,
): Experiment['model'] {
  const { embedding, pooling } = usual;
  return model.parse({
    ...asked,
    ...(embedding !== undefined && {
      embedding: chooser.take<number | null>('model.embedding', asked.embedding, () => ({
        value: embedding,
        why: message('Each token is read as {0} learnt numbers.', embedding),
      })),
    }),
    layers: chooser.take('model.layers', asked.layers, () => ({ value: [layer.parse(usual.layer)], why: why.layers })),
    ...(pooling !== undefined &&
      why.pooling !== undefined && {
        pooling: chooser.take<Experiment['model']['pooling']>('model.pooling', asked.pooling, () => ({
          value: pooling,
          why: why.pooling as Message,
        })),
      }),
    dropout: asked.dropout ?? { between: usual.dropout },
    anchor: asked.anchor ?? 'none',
  });
}

const bothWays = message('A layer that reads both ways knows what comes before a word and after it.');

/** What is trained to tell texts apart. */
export const chooseTextModel = (asked: ModelDraft, chooser: Chooser): Experiment['model'] =>
  chooseReader(
    asked,
    textDefaults,
    { layers: bothWays, pooling: message('One telling word is enough wherever it stands.') },
    chooser,
  );

/** What is trained to translate. */
export const chooseTranslator = (asked: ModelDraft, chooser: Chooser): Experiment['model'] =>
  chooseReader(asked, translationDefaults, { layers: bothWays }, chooser);

/** What is trained to tag words. */
export const chooseTagger = (asked: ModelDraft, chooser: Chooser): Experiment['model'] =>
  chooseReader(asked, tagDefaults, { layers: bothWays }, chooser);

/** What is trained to tell sounds apart. */
export const chooseSoundModel = (asked: ModelDraft, chooser: Chooser): Experiment['model'] =>
  chooseReader(
    asked,
    soundDefaults,
    {
      layers: message('A layer that reads both ways knows how a sound goes on.'),
      pooling: message('What tells a sound apart is spread over all of it.'),
    },
    chooser,
  );

/** What is trained to write what sounds say. */
export const chooseTranscriber = (asked: ModelDraft, chooser: Chooser): Experiment['model'] =>
  chooseReader(
    asked,
    transcriptDefaults,
    { layers: message('A layer that reads both ways knows how a sound goes on.') },
    chooser,
  );

function chooseLayers(asked: ModelDraft, chooser: Chooser): Experiment['model']['layers'] {
  return chooser.take('model.layers', asked.layers, () => ({
    value: [layer.parse(layerDefault)],
    why: message('One small layer is quick to train and a sound start.'),
  }));
}

/** How long and how fast, where it is not as usual. */
export interface TrainingRecipe {
  /** Optimiser steps. */
  readonly steps: number;
  /** Of the usual learning rate. */
  readonly rate: number;
  readonly schedule: Experiment['training']['schedule']['name'];
}

/** What is trained on: how many sequences the training part has, and how long each is at most. */
interface Extent {
  readonly windows: number;
  readonly steps: number;
}

/** How far gradients flow back; null, as far as the sequence reaches. */
function chooseTruncate(
  task: Task,
  asked: number | null | undefined,
  { steps }: Extent,
  chooser: Chooser,
): number | null {
  if (task !== 'language' || steps <= languageDefaults.truncate) return asked ?? null;
  return chooser.take<number | null>('training.truncate', asked, () => ({
    value: languageDefaults.truncate,
    why: message('The state is carried on from stretch to stretch, so that gradients need not flow back all the way.'),
  }));
}

/** How it is trained. */
export function chooseTraining(
  task: Task,
  asked: NonNullable<CheckedDraft['training']>,
  extent: Extent,
  chooser: Chooser,
  recipe: TrainingRecipe = {
    steps: trainingDefaults.steps,
    rate: task === 'translate' ? translationDefaults.rate : 1,
    schedule: task === 'translate' ? 'cosine' : 'constant',
  },
): Experiment['training'] {
  const { batches, fewestEpochs, mostEpochs, learningRate, momentum, clipNorm, seed } = trainingDefaults;
  const { windows } = extent;
  const truncate = chooseTruncate(task, asked.truncate, extent, chooser);
  const stretches = truncate === null ? 1 : Math.ceil(extent.steps / truncate);
  const batch = chooser.take('training.batch', asked.batch, () => ({
    value:
      task === 'language'
        ? Math.max(1, Math.min(languageDefaults.batch, windows))
        : (batches.find((entry) => windows <= entry.windows)?.batch ?? 32),
    why: message('Suits {0} training windows.', windows),
  }));
  const epochs = chooser.take('training.epochs', asked.epochs, () => {
    const wanted = Math.round(recipe.steps / Math.max(1, stretches * Math.ceil(windows / batch)));
    const value = Math.min(mostEpochs, Math.max(fewestEpochs, wanted));
    return { value, why: message('About as many optimiser steps as fit in a minute; the best epoch is kept.') };
  });
  const loss = chooser.take('training.loss.name', asked.loss?.name, () => ({
    value: taskRules[task].losses[0] ?? 'mse',
    why: message('The usual loss for what is learnt.'),
  }));
  const name = asked.optimizer?.name ?? 'adam';
  return training.parse({
    ...asked,
    epochs,
    batch,
    loss: { ...asked.loss, name: loss },
    optimizer: {
      ...asked.optimizer,
      name,
      learningRate: asked.optimizer?.learningRate ?? learningRate[name] * recipe.rate,
      momentum: asked.optimizer?.momentum ?? momentum[name],
    },
    schedule: asked.schedule ?? { name: recipe.schedule },
    clipNorm: asked.clipNorm === undefined ? clipNorm : asked.clipNorm,
    truncate,
    seed: asked.seed ?? seed,
  });
}
