import type { DataProfile } from '../../protocol/data';
import type { CheckedDraft, Experiment } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import type { Chooser } from '../choices/chooser';
import { soundDefaults } from '../choices/defaults';
import { itemsData } from '../choices/itemsData';
import { chooseSplit } from '../choices/splitChoice';
import { wholeSplitReasons } from '../sequences/choices';
import { bandName, highestOf } from './inputs';
import { type SoundItems, soundTarget } from './items';
import type { Transcripts } from './transcripts';

/** The choices of sounds with classes, or with transcripts where these are given. */
export function chooseSounds(
  asked: CheckedDraft['data'],
  items: SoundItems,
  transcripts: Transcripts | null,
  chooser: Chooser,
): Experiment['data'] {
  const { sounds } = items;
  const { features } = soundDefaults;
  const longest = transcripts === null ? soundDefaults.longest : soundDefaults.longestSaid;
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
    return {
      value: longest,
      why:
        transcripts === null
          ? message('Of longer sounds the last {0} steps are read.', longest)
          : message('Longer sounds than {0} steps are left out.', longest),
    };
  });
  const scaler = chooser.take<Experiment['data']['scaler']>('data.scaler', asked.scaler, () => ({
    value: 'standard',
    why: message('Zero mean and unit deviation suit the cells.'),
  }));
  return itemsData(asked, {
    target: transcripts?.name ?? soundTarget,
    features: Array.from({ length: sound.mels }, (_, mel) => bandName(mel)),
    sound,
    scaler,
    split,
    lookback,
  });
}

/** Sounds as a table with a sound in each row: its class, and what it says where that is known. */
export function profileOfSounds(
  { file, fingerprint, names, target }: SoundItems,
  transcripts: Transcripts | null,
): DataProfile {
  const column = { name: target.name, kind: 'text', missing: 0, min: null, max: null } as const;
  const unsaid = transcripts?.texts.filter((text) => text === null).length ?? 0;
  const columns = [column, ...(transcripts === null ? [] : [{ ...column, name: transcripts.name, missing: unsaid }])];
  return { path: file, rows: names.length, columns, fingerprint };
}
