import path from 'node:path';
import { modelSpec } from '../../core/model/spec';
import { characterTarget, type DataProfile } from '../../protocol/data';
import type { Proposal } from '../../protocol/engine';
import { UnrollError } from '../../protocol/errors';
import type { CheckedDraft, Experiment, Task } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import { readForecast } from '../forecast/readForecast';
import { prepare } from '../forecast/windows';
import { holdsSounds } from '../items/folderKind';
import { choosePairColumns, choosePairs } from '../pairs/choices';
import { prepareTranslated } from '../pairs/translated';
import { chooseSequenceColumns, chooseSequenceData, countTraining } from '../sequences/choices';
import { chooseClassed } from '../sequences/classed';
import { tiledPieces } from '../sequences/pieces';
import { prepareSequences } from '../sequences/prepare';
import { readSequences } from '../sequences/read';
import { readTexts } from '../sequences/texts';
import { guessSeries } from '../several/guess';
import { stretchesOf, windowsOfPart } from '../several/stretches';
import { chooseSounds, profileOfSounds } from '../sounds/choices';
import { prepareSounds } from '../sounds/classified';
import { readSounds, type SoundItems, soundTarget } from '../sounds/items';
import { noTranscripts, prepareSpoken } from '../sounds/transcribed';
import { readTranscripts } from '../sounds/transcripts';
import { splitRows } from '../split';
import { isMostlyNumbers } from '../table/columns';
import { profileOf } from '../table/profile';
import { mostHeld, type Reading } from '../table/reading';
import { type Table, withTable } from '../table/table';
import { formOf, readingFor, type TableForm } from '../table/tableForm';
import { chooseTagColumns, chooseTags, findTags, type TagColumns } from '../tags/choices';
import { readTagged } from '../tags/sentences';
import { prepareTagged } from '../tags/tagged';
import { chooseTextData } from '../text/choices';
import { prepareLanguage, readText, vocabularyOf } from '../text/language';
import { profileOfText } from '../text/profile';
import { isProse } from '../text/prose';
import { chooseTextColumns, chooseTextItems, isOfTexts } from '../texts/choices';
import { prepareTexts } from '../texts/classified';
import { isFolder, readFolder, readItems, type TextItems } from '../texts/items';
import { profileOfItems } from '../texts/profile';
import { resampled } from '../time/resample';
import { Chooser } from './chooser';
import { chooseColumns, chooseData, chooseRows } from './dataChoices';
import { deviceDefaults, languageDefaults, tagDefaults, textDefaults, transcriptDefaults } from './defaults';
import { parseDraft, parseExperiment } from './draft';
import { chooseKnown } from './knownChoice';
import {
  chooseForecaster,
  chooseLanguageModel,
  chooseModel,
  chooseSoundModel,
  chooseTagger,
  chooseTextModel,
  chooseTraining,
  chooseTranscriber,
  chooseTranslator,
} from './trainingChoices';
import { guessUnfinished } from './unfinished';

/** A table of fewer rows of nothing but text is more likely a mistake than pairs to be translated. */
const fewestPairs = 8;

/**
 * Makes every choice that a draft leaves open, from the data. `root` is the folder that `draft.data.path` is relative to. What is
 * guessed from values is guessed from the training part alone, and the data is prepared once to see that the whole can be trained.
 * Aborting `signal` gives up while the file is read. Of a folder at most `mostFiles` are read, evenly over all of them.
 * @throws UnrollError `experiment` where the draft is wrong, `data` where the file cannot be used.
 */
export async function propose(
  root: string,
  draft: unknown,
  signal?: AbortSignal,
  mostFiles?: number,
): Promise<Proposal> {
  let asked = parseDraft(draft, pathOf(draft));
  const file = path.resolve(root, asked.data.path);
  const chooser = new Chooser();
  if (asked.task === 'language' || (asked.task === undefined && isAboutText(asked) && (await isProse(file)))) {
    return proposeText(file, asked, chooser);
  }
  if (await isFolder(file)) {
    if (await holdsSounds(file)) return proposeSounds(await readSounds(file, mostFiles), asked, chooser);
    return proposeTexts(await readFolder(file, mostFiles), asked, chooser);
  }
  return withTable(
    file,
    async (table) => {
      const profile = await profileOf(table);
      asked = { ...asked, data: { ...asked.data, ...chooseForm(asked.data, table, chooser) } };
      if (asked.task === 'translate') return proposePairs(table, profile, asked, chooser);
      const tags = await tagsOf(table, profile, asked);
      if (tags !== false) return proposeTagged(table, profile, asked, tags, chooser);
      if ((asked.task ?? 'classify') === 'classify' && isOfTexts(asked.data, profile)) {
        const columns = await chooseTextColumns(asked.data, table, profile, chooser);
        if (columns !== null) {
          return proposeTexts(await readItems(table, columns.text, columns.target), asked, chooser, profile);
        }
        if (asked.task === undefined && profile.rows >= fewestPairs)
          return proposePairs(table, profile, asked, chooser);
      }
      const classed = await chooseClassed(table, profile, asked, chooser);
      if (classed !== null) asked = { ...asked, data: { ...asked.data, ...classed.columns } };
      const { target } = asked.data;
      const holdsClasses = target !== undefined && hasValues(profile, target) && (await isText(table, target));
      const task = chooser.take<Task>(
        'task',
        asked.task,
        () =>
          classed?.task ??
          (holdsClasses
            ? { value: 'classify', why: message('{0} holds no numbers, so its values are classes.', target) }
            : { value: 'forecast', why: message('What follows in time is what is usually asked of a table.') }),
      );
      const experiment =
        task === 'forecast'
          ? await proposeForecast(table, profile, asked, chooser, { root, signal })
          : await proposeSequences(task, table, profile, asked, chooser, { root, signal });
      return { experiment, profile, reasons: chooser.reasons };
    },
    // Which column orders the rows is chosen once they are seen.
    { ...readingFor(asked.data), time: undefined, root, signal },
  );
}

/** How the table is written, where its file tells. */
function chooseForm(asked: CheckedDraft['data'], table: Table, chooser: Chooser): TableForm {
  const form = formOf(asked);
  if (table.numbers?.told !== true) return form;
  const { mark, why } = table.numbers;
  return { ...form, numbers: chooser.take('data.numbers', form.numbers ?? undefined, () => ({ value: mark, why })) };
}

/** Whether nothing that is asked for speaks of a table's columns. */
const isAboutText = ({ data: { target = characterTarget, time = null, features = [] } }: CheckedDraft) =>
  target === characterTarget && time === null && features.length === 0;

/** A column without a value is of no kind. */
const hasValues = ({ columns, rows }: DataProfile, name: string) =>
  columns.some((column) => column.name === name && column.missing < rows);

/** Whether a column holds words, or yes and no. */
async function isText(table: Table, name: string): Promise<boolean> {
  const kind = table.columns.find((column) => column.name === name)?.kind;
  return kind === 'boolean' || (kind === 'text' && !(await isMostlyNumbers(table, name)));
}

async function proposeForecast(
  table: Table,
  profile: DataProfile,
  asked: CheckedDraft,
  chooser: Chooser,
  reading: Reading,
): Promise<Experiment> {
  const columns = await chooseColumns(asked.data, profile, chooser, {
    series: (time) => guessSeries(table, profile, time, asked.data.target),
    target: (time, series) => guessUnfinished(table, profile, time, series),
  });
  const held = { held: mostHeld, ...reading };
  const shaped = await resampled(table, columns.time, columns.series);
  const raw = await readForecast(shaped, columns, held);
  const named = columns.series === null ? null : await readTexts(shaped, columns.series);
  const rows = chooseRows(asked.data, raw, named, chooser);
  const known = [...(await chooseKnown(asked.data, columns, profile, { table: shaped, raw, named, rows }, chooser))];
  const read = { ...columns, known };
  const whole = known.length === columns.known.length ? raw : await readForecast(shaped, read, held);
  const { data, series, training } = chooseData(asked.data, read, whole, named, rows, chooser, held);
  const windows = windowsOfPart(stretchesOf(series, data.split), 'train', data, 0).count;
  const model = chooseForecaster(asked.model ?? {}, data.target, training, chooser);
  const experiment = wholeExperiment('forecast', asked, data, model, windows, chooser);
  modelSpec(experiment, prepare(series, experiment, held).shape);
  return experiment;
}

async function proposeSequences(
  task: Task,
  table: Table,
  profile: DataProfile,
  asked: CheckedDraft,
  chooser: Chooser,
  reading: Reading,
): Promise<Experiment> {
  const held = { held: mostHeld, ...reading };
  const columns = chooseSequenceColumns(asked.data, profile, chooser);
  const read = await readSequences(await resampled(table, columns.time, columns.series), columns, held);
  const { data, sequences } = chooseSequenceData(asked.data, columns, read, chooser, held);
  const windows = countTraining(task, sequences, data.lookback);
  const model = chooseModel(asked.model ?? {}, null, chooser);
  const experiment = wholeExperiment(task, asked, data, model, windows, chooser);
  modelSpec(experiment, prepareSequences(sequences, experiment, held).shape);
  return experiment;
}

async function proposeText(file: string, asked: CheckedDraft, chooser: Chooser): Promise<Proposal> {
  const text = await readText(file, asked.data.text ?? null);
  const task = chooser.take<Task>('task', asked.task, () => ({
    value: 'language',
    why: message('The file is a text, of which the next character can be learnt.'),
  }));
  const data = chooseTextData(asked.data, text, chooser);
  const windows = tiledPieces(splitRows(text.numbers.length, data.split).train, data.lookback).first.length;
  const length = text.numbers.length;
  const model = chooseLanguageModel(asked.model ?? {}, vocabularyOf(text, data).length, length, chooser);
  const experiment = wholeExperiment(task, asked, data, model, windows, chooser);
  modelSpec(experiment, prepareLanguage(text, experiment).shape);
  return { experiment, profile: profileOfText(text), reasons: chooser.reasons };
}

async function proposeSounds(items: SoundItems, asked: CheckedDraft, chooser: Chooser): Promise<Proposal> {
  const { target } = asked.data;
  const isOfClasses = asked.task === 'classify' || (asked.task === undefined && target === soundTarget);
  const found = isOfClasses ? null : await readTranscripts(items.file, items.names, target ?? null, formOf(asked.data));
  const task = chooser.take<Task>('task', asked.task, () =>
    found === null
      ? { value: 'classify', why: message('Each sound has a class, by its folder or its name.') }
      : { value: 'transcribe', why: message('The folder says what its sounds say.') },
  );
  if (task !== 'classify' && task !== 'transcribe') {
    throw new UnrollError(
      'experiment',
      'A folder of sounds can be classified or transcribed; set task to "classify" or "transcribe", not "{0}".',
      task,
    );
  }
  const transcripts = task === 'classify' ? null : found;
  if (task === 'transcribe' && transcripts === null) throw noTranscripts(items.file);
  const data = chooseSounds(asked.data, items, transcripts, chooser);
  const windows = Math.round(items.sounds.length * (1 - data.split.test - data.split.validation));
  const choose = transcripts === null ? chooseSoundModel : chooseTranscriber;
  const experiment = wholeExperiment(task, asked, data, choose(asked.model ?? {}, chooser), windows, chooser);
  const { shape } =
    transcripts === null ? prepareSounds(items, experiment) : prepareSpoken(items, transcripts, experiment);
  modelSpec(experiment, shape);
  // Whoever is asked what to learn must know what else there is.
  const said = isOfClasses ? await readTranscripts(items.file, items.names, null, formOf(asked.data)) : found;
  return { experiment, profile: profileOfSounds(items, said), reasons: chooser.reasons };
}

/** @param table the table that the texts are a column of; null for those of a folder */
function proposeTexts(
  items: TextItems,
  asked: CheckedDraft,
  chooser: Chooser,
  table: DataProfile | null = null,
): Proposal {
  const task = chooser.take<Task>('task', asked.task, () => ({
    value: 'classify',
    why:
      table === null
        ? message('Each text has a class, by its folder or its file.')
        : message('Each text has a class, {0}.', items.target.name),
  }));
  if (task !== 'classify') {
    throw new UnrollError(
      'experiment',
      'Texts with classes can be classified; set task to "classify", not "{0}".',
      task,
    );
  }
  const data = chooseTextItems(asked.data, items, chooser);
  const windows = Math.round(items.texts.codes.length * (1 - data.split.test - data.split.validation));
  const model = chooseTextModel(asked.model ?? {}, chooser);
  const experiment = wholeExperiment(task, asked, data, model, windows, chooser);
  modelSpec(experiment, prepareTexts(items, experiment).shape);
  return { experiment, profile: table ?? profileOfItems(items), reasons: chooser.reasons };
}

/** The columns of words and tags where these are to be learnt, null where that is asked for and none was found; else false. */
async function tagsOf(
  table: Table,
  profile: DataProfile,
  { task, data: { text = null, features, target, series, time = null } }: CheckedDraft,
): Promise<TagColumns | null | false> {
  if (task !== undefined && task !== 'label') return false;
  const isText = (name: string) => profile.columns.some((column) => column.name === name && column.kind === 'text');
  const isAsked = task === 'label' && (text !== null || (features?.length === 1 && features.every(isText)));
  if (!isAsked && (text !== null || time !== null)) return false;
  const found = await findTags(table, profile);
  if (isAsked || found === null) return isAsked ? found : false;
  // Who names other columns means something else.
  const fits =
    (target ?? found.tags) === found.tags &&
    (series === undefined || series === found.series) &&
    (features === undefined || (features.length === 1 && features[0] === found.words));
  return fits ? found : false;
}

async function proposeTagged(
  table: Table,
  profile: DataProfile,
  asked: CheckedDraft,
  found: TagColumns | null,
  chooser: Chooser,
): Promise<Proposal> {
  const task = chooser.take<Task>('task', asked.task, () => ({
    value: 'label',
    why: message('Each word has a tag.'),
  }));
  const columns = chooseTagColumns(asked.data, profile, found, chooser);
  const tagged = await readTagged(table, columns);
  const data = chooseTags(asked.data, columns, tagged, chooser);
  const windows = Math.round(tagged.sentences.length * (1 - data.split.test - data.split.validation));
  const model = chooseTagger(asked.model ?? {}, chooser);
  const experiment = wholeExperiment(task, asked, data, model, windows, chooser);
  modelSpec(experiment, prepareTagged(tagged, experiment).shape);
  return { experiment, profile, reasons: chooser.reasons };
}

async function proposePairs(
  table: Table,
  profile: DataProfile,
  asked: CheckedDraft,
  chooser: Chooser,
): Promise<Proposal> {
  const task = chooser.take<Task>('task', asked.task, () => ({
    value: 'translate',
    why: message('Both columns hold texts that differ from row to row, as sentences and their translations do.'),
  }));
  const { source, target } = choosePairColumns(asked.data, profile, chooser);
  const items = await readItems(table, source, target);
  const data = choosePairs(asked.data, items, chooser);
  const windows = Math.round(items.texts.codes.length * (1 - data.split.test - data.split.validation));
  const model = chooseTranslator(asked.model ?? {}, chooser);
  const experiment = wholeExperiment(task, asked, data, model, windows, chooser);
  modelSpec(experiment, prepareTranslated(items, experiment).shape);
  return { experiment, profile, reasons: chooser.reasons };
}

const recipeFor = (task: Task, { text, sound }: Experiment['data']) => {
  if (task === 'language') return languageDefaults.training;
  if (task === 'transcribe' && sound !== null) return transcriptDefaults.training;
  if (text === null) return undefined;
  return task === 'classify' ? textDefaults.training : task === 'label' ? tagDefaults.training : undefined;
};

/** Puts the choices together and checks that they go together. */
function wholeExperiment(
  task: Task,
  asked: CheckedDraft,
  data: Experiment['data'],
  model: Experiment['model'],
  windows: number,
  chooser: Chooser,
): Experiment {
  return parseExperiment(
    {
      version: 1,
      name: asked.name ?? (path.parse(data.path).name.trim() || data.target).slice(0, 80),
      task,
      data,
      model,
      training: chooseTraining(
        task,
        asked.training ?? {},
        { windows, steps: data.lookback },
        chooser,
        recipeFor(task, data),
      ),
      device: {
        provider: asked.device?.provider ?? deviceDefaults.provider,
        threads: asked.device?.threads ?? deviceDefaults.threads,
      },
    },
    data.path,
  );
}

/** What the draft is called in an error, before it is known to be a draft. */
function pathOf(draft: unknown): string {
  const data = draft !== null && typeof draft === 'object' && 'data' in draft ? draft.data : null;
  const file = data !== null && typeof data === 'object' && 'path' in data ? data.path : null;
  return typeof file === 'string' && file !== '' ? file : 'the experiment';
}
