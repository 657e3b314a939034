import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import type { Batch } from '../batch';
import { soundDefaults } from '../choices/defaults';
import { fitScaler, type ScalerDescription, scaleValue } from '../forecast/scaling';
import { kindOf, type SoundItems } from './items';
import { logMel, type SoundFeatures } from './logMel';

/** What a band of a sound is called. */
export const bandName = (mel: number): string => `mel ${mel + 1}`;

/** The upper end of the bands: what all sounds can hold, whatever their rates. */
export const highestOf = ({ sounds }: Pick<SoundItems, 'sounds'>): number =>
  sounds.reduce((lowest, { rate }) => Math.min(lowest, rate / 2), Number.POSITIVE_INFINITY);

/** Numbers for what sounds are called before their own numbers: those of one class and one speaker have the same. */
export function kindNumbers(names: readonly string[]): readonly number[] {
  const kinds = names.map(kindOf);
  const numbers = new Map([...new Set(kinds)].map((kind, i) => [kind, i] as const));
  return kinds.map((kind) => numbers.get(kind) ?? 0);
}

/** Sounds as log-mel energies, [steps][mels] row-major each; not scaled. */
export function soundSteps(items: SoundItems, { sound: asked }: Experiment['data']): readonly Float32Array[] {
  const sound: SoundFeatures = asked ?? soundDefaults.features;
  const highest = sound.highest ?? highestOf(items);
  return items.sounds.map((each) => logMel(each, sound, highest));
}

/** What a model reads of sounds, whatever it is to answer. */
export interface SoundInputs {
  readonly columns: readonly string[];
  /** One a band; fitted on the training part alone. */
  readonly scalers: readonly ScalerDescription[];
  /** Steps of the longest. */
  readonly steps: number;
  lengthOf(item: number): number;
  /** Clears a batch and writes the bands and the mask of `used` sounds. */
  fill(itemAt: (position: number) => number, used: number, batch: number, into: Batch): void;
}

/** @param features [steps][mels] of each sound, as far as it is read. */
export function soundInputs(
  features: readonly Float32Array[],
  train: ArrayLike<number>,
  { sound, scaler }: Experiment['data'],
): SoundInputs {
  const { mels } = sound ?? soundDefaults.features;
  const columns = Array.from({ length: mels }, (_, mel) => bandName(mel));
  const lengthOf = (item: number) => (features[item]?.length ?? 0) / mels;
  const known = Array.from(train, (item) => features[item] ?? new Float32Array(0));
  const size = known.reduce((sum, { length }) => sum + length / mels, 0);
  const scalers = columns.map((name, mel) => {
    const values = new Float64Array(size);
    let count = 0;
    for (const own of known) for (let at = mel; at < own.length; at += mels) values[count++] = own[at] ?? 0;
    return fitScaler(name, values, 'none', scaler);
  });
  return {
    columns,
    scalers,
    steps: features.reduce((longest, values) => Math.max(longest, values.length / mels), 1),
    lengthOf,
    fill(itemAt, used, batch, into) {
      for (const buffer of [into.x, into.y, into.weight, into.mask]) buffer?.fill(0);
      for (let position = 0; position < used; position++) {
        const values = features[itemAt(position)] ?? new Float32Array(0);
        for (let at = 0; at < values.length; at++) {
          const own = scalers[at % mels];
          if (own !== undefined) into.x[at * batch + position] = scaleValue(own, values[at] ?? 0);
        }
        if (into.mask === undefined) continue;
        for (let step = 0; step * mels < values.length; step++) into.mask[step * batch + position] = 1;
      }
    },
  };
}

/** What a person must know of the sounds of a folder. */
export function notesOnSounds({ sounds, names }: Pick<SoundItems, 'sounds' | 'names'>): Message[] {
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
  const several = names.filter((_, i) => (sounds[i]?.channels ?? 1) > 1);
  if (several.length > 0)
    notes.push(
      message(
        '{0} sounds have more than one channel, the first of them {1}; their channels are averaged.',
        several.length,
        several[0] ?? '',
      ),
    );
  const lost = names.filter((_, i) => (sounds[i]?.lost ?? 0) > 0);
  if (lost.length > 0)
    notes.push(
      message(
        '{0} sounds hold samples that are no numbers, the first of them {1}; these are read as 0.',
        lost.length,
        lost[0] ?? '',
      ),
    );
  const rates = new Set(sounds.map(({ rate }) => rate));
  if (rates.size > 1)
    notes.push(
      message(
        'Sounds have {0} different rates; frequencies up to {1} Hz, which all of them have, are read.',
        rates.size,
        Math.min(...rates) / 2,
      ),
    );
  return notes;
}
