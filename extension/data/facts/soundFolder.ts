import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import type { ClassFacts, DataFacts } from '../../protocol/facts';
import type { SoundForm } from '../../protocol/folderFacts';
import { type Message, message } from '../../protocol/messages';
import { evenly } from '../items/evenly';
import { highestOf, notesOnSounds } from '../sounds/inputs';
import { classOfSound, type SoundItems, soundTarget, wavsIn } from '../sounds/items';
import { readTranscripts, type Transcripts } from '../sounds/transcripts';
import { readWav, type Sound } from '../sounds/wav';
import { fileError } from '../table/scan';
import type { TableForm } from '../table/tableForm';
import { lengthsOf } from './lengths';
import { factLimits as limits, shortened } from './limits';
import { classesOfItems, Ends, type LookedInto, lookedInto, notesOnLooking, refuseTooLarge } from './lookedInto';
import { OddFiles } from './oddFiles';
import { RepeatFinder } from './repeats';
import { VocabularyCounter } from './vocabulary';

/** The sounds of a folder that are looked into. */
export async function lookedSounds(
  folder: string,
  signal?: AbortSignal,
): Promise<LookedInto<{ readonly name: string }>> {
  const all = (await wavsIn(folder)).map((name) => ({ name }));
  return lookedInto(folder, all, limits.folderBytes.sounds, signal);
}

/** What a folder of WAV files holds. */
export async function soundFolderFacts(
  folder: string,
  form: TableForm,
  signal?: AbortSignal,
): Promise<Partial<DataFacts>> {
  const looked = await lookedSounds(folder, signal);
  const [odd, repeats] = [new OddFiles(), new RepeatFinder()];
  const read: { readonly name: string; readonly sound: Sound }[] = [];
  for (const { name } of looked.some) {
    signal?.throwIfAborted();
    const file = path.join(folder, name);
    try {
      await refuseTooLarge(file);
      const bytes = await readFile(file).catch((error) => {
        throw fileError(file, error);
      });
      const sound = readWav(bytes, name);
      for (const why of oddities(sound)) odd.add(name, why);
      repeats.add(createHash('sha256').update(bytes).digest('hex'), name, classOfSound(name));
      read.push({ name, sound });
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
      odd.add(name, error.text);
    }
  }
  const names = read.map(({ name }) => name);
  const sounds = read.map(({ sound }) => sound);
  const { said, notes } = await transcriptsOf(folder, names, form);
  const seconds = sounds.map(({ samples, rate }) => samples.length / rate);
  const counter = new VocabularyCounter();
  const texts = (said?.texts ?? []).filter((text) => text !== null);
  for (const text of texts) counter.add(text);
  const ends = new Ends<(string | null)[]>();
  for (const [i, name] of names.entries()) {
    const own = [name, shortened(classOfSound(name)), (seconds[i] ?? 0).toFixed(3)];
    ends.add(said === null ? own : [...own, shortenedOrNull(said.texts[i] ?? null)]);
  }
  const columns = ['file', soundTarget, 'seconds', ...(said === null ? [] : [said.name])];
  const items: Pick<SoundItems, 'names' | 'sounds'> = { names, sounds };
  return {
    bytes: looked.bytes,
    rows: names.length,
    preview: { names: columns.map(shortened), ...ends.both },
    notes: [...notesOnLooking(looked), ...(names.length === 0 ? [] : notesOnSounds(items)), ...notes],
    classes: soundClasses(looked.all.map(({ name }) => name)),
    lengths: [
      ...lengthsOf('sounds', seconds),
      ...lengthsOf(
        'transcripts',
        texts.map((text) => [...text].length),
      ),
    ],
    vocabulary: said === null ? null : counter.facts([shortened(said.name)], true),
    folder: {
      holds: 'sounds',
      files: looked.all.length,
      looked: looked.some.length,
      items: names.length,
      said: said !== null,
      ...odd.facts(),
      ...repeats.facts(),
      sounds: {
        forms: formsOf(sounds),
        seconds: seconds.reduce((sum, each) => sum + each, 0),
        highest: sounds.length === 0 ? 0 : highestOf(items),
        names: evenly(names, limits.soundNames),
      },
    },
  };
}

/** The classes of sounds by their names. */
export const soundClasses = (names: readonly string[]): ClassFacts =>
  classesOfItems(names.map(classOfSound), soundTarget, 'sounds');

const shortenedOrNull = (text: string | null) => (text === null ? null : shortened(text));

/** What a person must know of a sound. */
function oddities({ samples, isCut }: Sound): Message[] {
  if (samples.length === 0) return [message('It holds not one sample.')];
  return [
    ...(samples.every((sample) => sample === 0) ? [message('It is silent.')] : []),
    ...(isCut ? [message('It ends before it says that it does; what is there is read.')] : []),
  ];
}

/** What the sounds say; where that cannot be read, why. */
async function transcriptsOf(
  folder: string,
  names: readonly string[],
  form: TableForm,
): Promise<{ readonly said: Transcripts | null; readonly notes: readonly Message[] }> {
  try {
    return { said: names.length === 0 ? null : await readTranscripts(folder, names, null, form), notes: [] };
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    return { said: null, notes: [error.text] };
  }
}

function formsOf(sounds: readonly Sound[]): SoundForm[] {
  const forms = new Map<string, SoundForm>();
  for (const { rate, channels, bits } of sounds) {
    const key = `${rate} ${channels} ${bits}`;
    forms.set(key, { rate, channels, bits, count: (forms.get(key)?.count ?? 0) + 1 });
  }
  return [...forms.values()].sort((a, b) => b.count - a.count).slice(0, limits.soundForms);
}
