import type { DataProfile } from '../../protocol/data';
import type { CheckedDraft, Experiment } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import type { Chooser } from '../chooser';
import { horizonDefault, soundDefaults } from '../defaults';
import { wholeSplitReasons } from '../sequences/choices';
import { chooseSplit } from '../splitChoice';
import { formOf } from '../tableForm';
import { bandName, highestOf } from './classified';
import { type SoundItems, soundTarget } from './items';

/** The choices of sounds with classes. */
export function chooseSounds(asked: CheckedDraft['data'], items: SoundItems, chooser: Chooser): Experiment['data'] {
  const { sounds } = items;
  const { features, longest } = soundDefaults;
  const chosen = chooser.take('data.sound', asked.sound ?? undefined, () => ({
    value: features,
    why: message('Bands as wide as the ear hears them, every {0} ms.', features.hop),
  }));
  const sound = { ...chosen, highest: chosen.highest ?? highestOf(items) };
  const split = chooseSplit(asked.split, sounds.length, 1, chooser, wholeSplitReasons);
  const lookback = chooser.take('data.lookback', asked.lookback, () => {
    const seconds = Math.max(...sounds.map(({ rate, samples }) => samples.length / rate));
    const steps = Math.max(1, Math.floor((1000 * seconds - sound.window) / sound.hop) + 1);
    if (steps <= longest) return { value: steps, why: message('The longest sound has {0} steps.', steps) };
    return { value: longest, why: message('Of longer sounds the last {0} steps are read.', longest) };
  });
  const scaler = chooser.take<Experiment['data']['scaler']>('data.scaler', asked.scaler, () => ({
    value: 'standard',
    why: message('Zero mean and unit deviation suit the cells.'),
  }));
  return {
    path: asked.path,
    time: null,
    series: null,
    target: soundTarget,
    features: Array.from({ length: sound.mels }, (_, mel) => bandName(mel)),
    text: null,
    sound,
    missing: asked.missing ?? 'drop',
    transform: 'none',
    scaler,
    scaleBy: 'all',
    split,
    lookback,
    horizon: asked.horizon ?? horizonDefault,
    embargo: null,
    ...formOf(asked),
    season: null,
  };
}

/** Sounds as a table of one column, with a sound in each row. */
export function profileOfSounds({ file, fingerprint, names, target }: SoundItems): DataProfile {
  const column = { name: target.name, kind: 'text', missing: 0, min: null, max: null } as const;
  return { path: file, rows: names.length, columns: [column], fingerprint };
}
