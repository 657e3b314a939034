import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { soundDefaults } from '../defaults';
import { classedItems } from '../items/classed';
import { partsByChance } from '../items/parts';
import type { ClassData } from '../prepared';
import { fitScaler, scaleValue } from '../scaling';
import { kindOf, type SoundItems } from './items';
import { logMel, type SoundFeatures } from './logMel';

/** What a band of a sound is called. */
export const bandName = (mel: number): string => `mel ${mel + 1}`;

/** The upper end of the bands: what all sounds can hold, whatever their rates. */
export const highestOf = ({ sounds }: Pick<SoundItems, 'sounds'>): number =>
  sounds.reduce((lowest, { rate }) => Math.min(lowest, rate / 2), Number.POSITIVE_INFINITY);

/**
 * Data of the task `classify` where each sequence is a sound, as log-mel energies. Of a longer sound the last `lookback` steps are read.
 * @throws UnrollError `data` where a part gets no sound or the classes cannot be learnt.
 */
export function prepareSounds(items: SoundItems, experiment: Experiment): ClassData {
  const { data } = experiment;
  const sound: SoundFeatures = data.sound ?? soundDefaults.features;
  const { sounds, names, target } = items;
  const { mels } = sound;
  // Sounds of one class and one speaker are divided alike, as if these were the classes.
  const kinds = names.map(kindOf);
  const kindNumbers = new Map([...new Set(kinds)].map((kind, i) => [kind, i] as const));
  const strata = kinds.map((kind) => kindNumbers.get(kind) ?? 0);
  const parts = partsByChance(
    names,
    names.map((_, i) => i),
    strata,
    data.split,
  );
  const highest = sound.highest ?? highestOf(items);
  const whole = sounds.map((each) => logMel(each, sound, highest));
  const features = whole.map((values) => values.subarray(Math.max(0, values.length - data.lookback * mels)));
  const lengthOf = (item: number) => (features[item]?.length ?? 0) / mels;
  const classed = classedItems(target, parts, lengthOf, experiment, (item) => names[item] ?? '');
  const columns = Array.from({ length: mels }, (_, mel) => bandName(mel));
  const scalers = columns.map((name, mel) => {
    const values = Array.from(parts.train, (item) =>
      (features[item] ?? new Float32Array(0)).filter((_, at) => at % mels === mel),
    );
    return fitScaler(name, Float64Array.from(values.flatMap((each) => [...each])), 'none', data.scaler);
  });
  const { classes, itemAt } = classed;
  return {
    task: 'classify',
    shape: {
      steps: features.reduce((longest, values) => Math.max(longest, values.length / mels), 1),
      input: { kind: 'values', features: mels },
      masked: true,
      targets: classes.names.length,
      longest: 0,
      classCounts: classes.counts,
    },
    columns,
    scalers,
    vocabulary: null,
    classes: classes.names,
    windows: classed.windows,
    fingerprint: items.fingerprint,
    notes: notesOn(items, whole.filter((values) => values.length > data.lookback * mels).length, data.lookback),
    fill(part, indices, batch, into) {
      for (const buffer of [into.x, into.y, into.weight, into.mask]) buffer?.fill(0);
      const used = Math.min(indices.length, batch);
      for (let position = 0; position < used; position++) {
        const values = features[itemAt(part, indices[position] ?? 0)] ?? new Float32Array(0);
        for (let at = 0; at < values.length; at++) {
          const scaler = scalers[at % mels];
          if (scaler !== undefined) into.x[at * batch + position] = scaleValue(scaler, values[at] ?? 0);
        }
        if (into.mask !== undefined) {
          for (let step = 0; step * mels < values.length; step++) into.mask[step * batch + position] = 1;
        }
      }
      classed.fillAnswers(part, indices, used, batch, into);
    },
    judge: classed.judge,
    baselines: (part): ReturnType<ClassData['baselines']> =>
      parts[part].length === 0 ? {} : { majority: classed.majority(part) },
  };
}

function notesOn({ sounds, names }: SoundItems, long: number, lookback: number): Message[] {
  const notes: Message[] = [
    message(
      'Sounds have no order: which part one is in is left to chance, alike for every class and speaker that the names tell.',
    ),
  ];
  const cut = names.filter((_, i) => sounds[i]?.isCut);
  if (cut.length > 0)
    notes.push(
      message(
        '{0} sounds end before they say that they do, the first of them {1}; what is there is read.',
        cut.length,
        cut[0] ?? '',
      ),
    );
  const silent = names.filter((_, i) => sounds[i]?.samples.every((sample) => sample === 0) === true);
  if (silent.length > 0)
    notes.push(message('{0} sounds are silent, the first of them {1}.', silent.length, silent[0] ?? ''));
  const rates = new Set(sounds.map(({ rate }) => rate));
  if (rates.size > 1)
    notes.push(
      message(
        'Sounds have {0} different rates; frequencies up to {1} Hz, which all of them have, are read.',
        rates.size,
        Math.min(...rates) / 2,
      ),
    );
  if (long > 0)
    notes.push(message('{0} sounds have more than {1} steps; of these the last {1} are read.', long, lookback));
  return notes;
}
