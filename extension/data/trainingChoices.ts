import { taskRules } from '../core/model/task';
import { layer, model } from '../protocol/choices/model';
import { training } from '../protocol/choices/training';
import type { CheckedDraft, Experiment, Task } from '../protocol/experiment';
import { message } from '../protocol/messages';
import { suitsAnchor } from './character';
import type { Chooser } from './chooser';
import { layerDefault, trainingDefaults } from './defaults';

/** What is trained. `values` holds the target's training rows. */
export function chooseModel(
  asked: NonNullable<CheckedDraft['model']>,
  target: string,
  values: Float64Array,
  chooser: Chooser,
): Experiment['model'] {
  return model.parse({
    ...asked,
    layers: chooser.take('model.layers', asked.layers, () => ({
      value: [layer.parse(layerDefault)],
      why: message('One small layer is quick to train and a sound start.'),
    })),
    anchor: chooser.take<Experiment['model']['anchor']>('model.anchor', asked.anchor, () =>
      suitsAnchor(values)
        ? { value: 'last', why: message('From row to row {0} moves less than it does about its mean.', target) }
        : { value: 'none', why: message('The last value of {0} says little about the next.', target) },
    ),
  });
}

/** How it is trained. `windows` is how many training windows there are. */
export function chooseTraining(
  task: Task,
  asked: NonNullable<CheckedDraft['training']>,
  windows: number,
  chooser: Chooser,
): Experiment['training'] {
  const { batches, steps, fewestEpochs, mostEpochs, learningRate, momentum, clipNorm, seed } = trainingDefaults;
  const batch = chooser.take('training.batch', asked.batch, () => ({
    value: batches.find((entry) => windows <= entry.windows)?.batch ?? 32,
    why: message('Suits {0} training windows.', windows),
  }));
  const epochs = chooser.take('training.epochs', asked.epochs, () => {
    const wanted = Math.round(steps / Math.max(1, Math.ceil(windows / batch)));
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
      learningRate: asked.optimizer?.learningRate ?? learningRate[name],
      momentum: asked.optimizer?.momentum ?? momentum[name],
    },
    clipNorm: asked.clipNorm === undefined ? clipNorm : asked.clipNorm,
    seed: asked.seed ?? seed,
  });
}
