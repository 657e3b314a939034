import { createHash } from 'node:crypto';
import type { Part } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { soundDefaults } from '../choices/defaults';
import { knownInTraining, partsByChance } from '../items/parts';
import { mostFrequent } from '../judging/mostFrequent';
import { baselineOfTranscripts, judgeTranscripts } from '../judging/transcripts';
import type { TranscriptData } from '../prepared';
import { naturallySorted } from '../sequences/classes';
import { refuseEmptyParts } from '../sequences/inputs';
import { refuseTooLong } from '../sequences/transcribed';
import { firstEqual, notesOnEqual } from './equal';
import { kindNumbers, notesOnSounds, soundInputs, soundSteps } from './inputs';
import type { SoundItems } from './items';
import { readTranscripts, type Transcripts } from './transcripts';

/**
 * Data of the task `transcribe` where each sequence is a sound, as log-mel energies. A sound that is longer than `lookback` steps is left
 * out: a part of it does not say its text.
 * @throws UnrollError `data` where a part gets no sound or a transcript cannot fit its sound.
 */
export function prepareSpoken(
  items: SoundItems,
  { texts, fingerprint }: Transcripts,
  experiment: Experiment,
): TranscriptData {
  const { data } = experiment;
  const { mels } = data.sound ?? soundDefaults.features;
  const { names } = items;
  const features = soundSteps(items, data);
  const isRead = (item: number) => (features[item]?.length ?? 0) <= data.lookback * mels;
  const textOf = (item: number) => texts[item] ?? '';
  const firsts = firstEqual(items.sounds);
  const codes = texts.map((text, item) => (text !== null && isRead(item) ? (firsts[item] ?? item) : -1));
  const noClasses = new Int32Array(names.length);
  const chance = partsByChance(names, codes, noClasses, data.split, kindNumbers(names));
  const { parts, moved } = knownInTraining(
    chance,
    (item) => Array.from(textOf(item)),
    (item) => firsts[item] ?? item,
  );
  refuseEmptyParts(
    { train: { first: parts.train }, validation: { first: parts.validation }, test: { first: parts.test } },
    data,
  );
  const read = features.map((values, item) => (isRead(item) ? values : values.subarray(0, 0)));
  const inputs = soundInputs(read, parts.train, data);
  const symbols = naturallySorted([...new Set(Array.from(parts.train, textOf).join(''))]);
  const numbers = new Map(symbols.map((character, place) => [character, place + 1] as const));
  let longest = 1;
  for (const item of Object.values(parts).flatMap((each) => Array.from(each))) {
    const characters = Array.from(textOf(item));
    refuseTooLong(names[item] ?? '', characters, inputs.lengthOf(item));
    longest = Math.max(longest, characters.length);
  }
  const itemAt = (part: Part, index: number) => parts[part][index] ?? 0;
  const nameOf = (part: Part, index: number) => names[itemAt(part, index)] ?? '';
  const unsaid = texts.filter((text) => text === null).length;
  const long = texts.filter((text, item) => text !== null && !isRead(item)).length;
  return {
    task: 'transcribe',
    shape: {
      steps: inputs.steps,
      input: { kind: 'values', features: mels },
      masked: true,
      targets: symbols.length,
      longest,
      classCounts: null,
    },
    columns: inputs.columns,
    scalers: inputs.scalers,
    symbols,
    windows: { train: parts.train.length, validation: parts.validation.length, test: parts.test.length },
    fingerprint: `sha256:${createHash('sha256').update(items.fingerprint).update(fingerprint).digest('hex')}`,
    notes: [...notesOnSounds(items), ...notesOnEqual(firsts, names), ...notesOn(unsaid, long, moved, data.lookback)],
    fill(part, indices, batch, into) {
      const used = Math.min(indices.length, batch);
      inputs.fill((position) => itemAt(part, indices[position] ?? 0), used, batch, into);
      into.y.fill(-1);
      for (let position = 0; position < used; position++) {
        const item = itemAt(part, indices[position] ?? 0);
        for (let step = 0; step < inputs.lengthOf(item); step++) into.weight[step * batch + position] = 1;
        for (const [place, character] of Array.from(textOf(item)).entries()) {
          into.y[place * batch + position] = numbers.get(character) ?? -1;
        }
      }
    },
    nameOf,
    judge: (part) =>
      judgeTranscripts(
        symbols,
        (index) => inputs.lengthOf(itemAt(part, index)),
        (index) => textOf(itemAt(part, index)),
        (index) => nameOf(part, index),
      ),
    baselines(part): ReturnType<TranscriptData['baselines']> {
      if (parts[part].length === 0) return {};
      const truths = Array.from(parts[part], textOf);
      return {
        empty: baselineOfTranscripts(truths, ''),
        frequentTranscript: baselineOfTranscripts(truths, mostFrequent(Array.from(parts.train, textOf)) ?? ''),
      };
    },
  };
}

/** The transcripts of an experiment. @throws UnrollError `data` where there are none. */
export async function loadTranscripts(items: SoundItems, { data }: Experiment): Promise<Transcripts> {
  const found = await readTranscripts(items.file, items.names, data.target, data);
  if (found === null) throw noTranscripts(items.file);
  return found;
}

/** For who wants transcripts of a folder that has none. */
export const noTranscripts = (folder: string) =>
  new UnrollError(
    'data',
    '{0} does not say what its sounds say; put a text NAME.txt beside each NAME.wav, or a CSV file with the columns file and text into the folder.',
    folder,
  );

function notesOn(unsaid: number, long: number, moved: number, lookback: number): Message[] {
  const notes: Message[] = [];
  if (unsaid > 0) notes.push(message('{0} sounds without a transcript were left out.', unsaid));
  if (long > 0)
    notes.push(
      message(
        '{0} sounds have more than {1} steps and were left out, for a part of a sound does not say all of its text.',
        long,
        lookback,
      ),
    );
  if (moved > 0)
    notes.push(
      message(
        '{0} sounds were put into the training part, for no other of that part has one of their characters.',
        moved,
      ),
    );
  return notes;
}
