import type { Experiment } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import { soundDefaults } from '../choices/defaults';
import { classedItems } from '../items/classed';
import { partsByChance } from '../items/parts';
import type { ClassData } from '../prepared';
import { firstEqual, notesOnEqual } from './equal';
import { kindNumbers, notesOnSounds, soundInputs, soundSteps } from './inputs';
import type { SoundItems } from './items';

/**
 * Data of the task `classify` where each sequence is a sound, as log-mel energies. Of a longer sound the last `lookback` steps are read.
 * @throws UnrollError `data` where a part gets no sound or the classes cannot be learnt.
 */
export function prepareSounds(items: SoundItems, experiment: Experiment): ClassData {
  const { data } = experiment;
  const { mels } = data.sound ?? soundDefaults.features;
  const { names, target } = items;
  const firsts = firstEqual(items.sounds);
  // Sounds of one class and one speaker are divided alike.
  const parts = partsByChance(names, firsts, target.codes, data.split, kindNumbers(names));
  const whole = soundSteps(items, data);
  // As long as those of the training part: what comes after the split changes no batch.
  const known = Array.from(parts.train, (item) => (whole[item]?.length ?? 0) / mels);
  const steps = Math.min(
    data.lookback,
    known.reduce((longest, each) => Math.max(longest, each), 1),
  );
  const features = whole.map((values) => values.subarray(Math.max(0, values.length - steps * mels)));
  const inputs = soundInputs(features, parts.train, data);
  const classed = classedItems(target, parts, inputs.lengthOf, experiment, (item) => names[item] ?? '');
  const { classes, itemAt } = classed;
  const long = whole.filter((values) => values.length > steps * mels).length;
  return {
    task: 'classify',
    shape: {
      steps,
      input: { kind: 'values', features: mels },
      masked: true,
      targets: classes.names.length,
      longest: 0,
      classCounts: classes.counts,
    },
    columns: inputs.columns,
    scalers: inputs.scalers,
    vocabulary: null,
    classes: classes.names,
    windows: classed.windows,
    countsIn: classed.countsIn,
    fingerprint: items.fingerprint,
    notes: [
      ...notesOnSounds(items),
      ...notesOnEqual(firsts, names),
      ...(long === 0
        ? []
        : [message('{0} sounds have more than {1} steps; of these the last {1} are read.', long, steps)]),
    ],
    fill(part, indices, batch, into) {
      const used = Math.min(indices.length, batch);
      inputs.fill((position) => itemAt(part, indices[position] ?? 0), used, batch, into);
      classed.fillAnswers(part, indices, used, batch, into);
    },
    nameOf: (part, index) => names[itemAt(part, index)] ?? '',
    judge: classed.judge,
    baselines: (part): ReturnType<ClassData['baselines']> =>
      parts[part].length === 0 ? {} : { majority: classed.majority(part) },
  };
}
