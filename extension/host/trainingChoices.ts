import { cellTitles } from '../protocol/choices/cells';
import type { ColumnKind, ColumnProfile } from '../protocol/data';
import type { Proposal } from '../protocol/engine';
import type { Draft, Experiment, LayerChoice, Task } from '../protocol/experiment';
import { type Message, message } from '../protocol/messages';
import { significant } from './quantities';

/** One answer to a question, with the reason for it. */
export interface Choice<T> {
  readonly label: Message;
  readonly description: Message | null;
  readonly detail: Message | null;
  readonly value: T;
}

/** What is to be learnt of a target. */
export interface Goal {
  readonly task: Task;
  readonly horizon: number | null;
  readonly series: string | null;
  /** Columns that are forecast together with the target. */
  readonly moreTargets?: readonly string[];
  /** The column of text that is read and how, where texts are. */
  readonly text?: { readonly column: string; readonly read: 'characters' | 'words' };
}

type Layers = Experiment['model']['layers'];

/** Text of the user's own, such as a column's name: shown as it is. */
export const verbatim = (text: string): Message => ({ template: '{0}', args: [text] });

/** The reason given for the first of `choices` that has one. */
function reasonFor({ reasons }: Pick<Proposal, 'reasons'>, ...choices: readonly string[]): Message | null {
  for (const choice of choices) {
    const reason = reasons.find((each) => each.choice === choice);
    if (reason !== undefined) return reason.why;
  }
  return null;
}

const targetKinds: readonly ColumnKind[] = ['number', 'boolean', 'text'];

/** The columns that can be learnt, the proposed target first, then numbers, then classes. */
export function targetChoices(proposal: Proposal): readonly Choice<string>[] {
  const { target } = proposal.experiment.data;
  const rank = ({ name, kind }: ColumnProfile) => (name === target ? -1 : targetKinds.indexOf(kind));
  return proposal.profile.columns
    .filter(({ kind, missing }) => targetKinds.includes(kind) && missing < proposal.profile.rows)
    .toSorted((a, b) => rank(a) - rank(b))
    .map((column) => ({
      label: verbatim(column.name),
      description: describe(column),
      detail:
        column.name === target
          ? reasonFor(proposal, 'data.target')
          : column.missing > 0
            ? message('{0} of {1} values are missing.', column.missing, proposal.profile.rows)
            : null,
      value: column.name,
    }));
}

function describe({ kind, min, max }: ColumnProfile): Message | null {
  if (kind === 'boolean') return message('yes or no');
  if (kind === 'text') return message('classes');
  return min === null || max === null ? null : message('{0} to {1}', significant(min), significant(max));
}

/** What can be learnt of the proposed target: its next values where it holds numbers, else classes. The likeliest goal is first. */
export function goalChoices(proposal: Proposal): readonly Choice<Goal>[] {
  if (proposal.experiment.task === 'translate') return [translateGoal(proposal)];
  if (proposal.experiment.data.sound !== null) return soundGoals(proposal);
  if (proposal.experiment.task === 'label' && proposal.experiment.data.text !== null) return [tagGoal(proposal)];
  if (proposal.experiment.data.text !== null) return textGoals(proposal);
  const choices = proposal.experiment.task === 'forecast' ? forecastGoals(proposal) : classGoals(proposal);
  const { series } = proposal.experiment.data;
  if (series === null) return choices;
  return choices.toSorted((a, b) => Number(b.value.series === series) - Number(a.value.series === series));
}

/** Whether a goal is what is proposed already. */
export const isProposed = ({ task, data }: Experiment, goal: Goal): boolean =>
  goal.task === task &&
  goal.series === data.series &&
  (goal.horizon ?? data.horizon) === data.horizon &&
  (goal.moreTargets ?? []).join() === data.moreTargets.join() &&
  (goal.text?.read ?? data.text?.read) === data.text?.read &&
  (goal.text?.column ?? data.features[0]) === data.features[0];

/** What a draft says of data for a goal. */
export function dataOf({ horizon, series, moreTargets, text }: Goal): NonNullable<Partial<Draft['data']>> {
  return {
    ...(horizon === null ? {} : { horizon }),
    ...(series === null ? {} : { series }),
    ...(moreTargets === undefined ? {} : { moreTargets: [...moreTargets] }),
    ...(text === undefined ? {} : { features: [text.column], text: { read: text.read } }),
  };
}

/** The classes of texts: by words or by characters, the likelier way first, and by any other column of text. */
function textGoals(proposal: Proposal): readonly Choice<Goal>[] {
  const { data } = proposal.experiment;
  const column = data.features[0] ?? '';
  const usual = data.text?.read ?? 'characters';
  const goal = (name: string, read: 'characters' | 'words', detail: Message | null): Choice<Goal> => ({
    label:
      read === 'words'
        ? message('Classify each {0} by its words', name)
        : message('Classify each {0} by its characters', name),
    description: null,
    detail,
    value: { task: 'classify', horizon: null, series: null, text: { column: name, read } },
  });
  const others = proposal.profile.columns.filter(
    ({ name, kind }) => kind === 'text' && name !== column && name !== data.target,
  );
  return [
    goal(column, usual, reasonFor(proposal, 'data.text', 'data.features')),
    usual === 'words'
      ? goal(column, 'characters', message('For names, codes and misspelt texts.'))
      : goal(column, 'words', message('For sentences.')),
    ...others.map(({ name }) => goal(name, usual, null)),
  ];
}

/** What is learnt of sounds: their classes, or what they say where that is known. */
function soundGoals({ experiment: { task }, profile, reasons }: Proposal): readonly Choice<Goal>[] {
  const goal = (own: 'classify' | 'transcribe', label: Message): Choice<Goal> => ({
    label,
    description: null,
    detail: own === task ? reasonFor({ reasons }, 'task') : null,
    value: { task: own, horizon: null, series: null },
  });
  const classes = goal('classify', message('Tell the class of each sound'));
  const said = goal('transcribe', message('Write what each sound says'));
  if (profile.columns.length < 2) return [classes];
  return task === 'transcribe' ? [said, classes] : [classes, said];
}

function tagGoal({ experiment, reasons }: Proposal): Choice<Goal> {
  const { features, target, series } = experiment.data;
  return {
    label: message('Tell the {0} of every {1}', target, features[0] ?? ''),
    description: null,
    detail: reasonFor({ reasons }, 'task', 'data.series'),
    value: { task: 'label', horizon: null, series },
  };
}

function translateGoal({ experiment, reasons }: Proposal): Choice<Goal> {
  const { features, target } = experiment.data;
  return {
    label: message('Translate {0} into {1}', features[0] ?? '', target),
    description: null,
    detail: reasonFor({ reasons }, 'task', 'data.features'),
    value: { task: 'translate', horizon: null, series: null },
  };
}

function forecastGoals(proposal: Proposal): readonly Choice<Goal>[] {
  const { horizon, season, series, target } = proposal.experiment.data;
  const horizons = [...new Set([horizon, 1, ...(season === null || season < 2 ? [] : [season])])];
  const others = forecastWith(proposal);
  const together: Choice<Goal> = {
    label: message('Forecast {0} columns together', others.length + 1),
    description: ofEach(series),
    detail: message('{0} and all other columns of numbers, each from the past of all.', target),
    value: { task: 'forecast', horizon, series, moreTargets: others },
  };
  const alone = horizons.map(
    (value): Choice<Goal> => ({
      label: value === 1 ? message('Forecast the next value') : message('Forecast the next {0} values', value),
      description: value === season ? inSeason(series) : ofEach(series),
      detail: value === horizon ? reasonFor(proposal, 'data.horizon', 'task') : null,
      value: { task: 'forecast', horizon: value, series },
    }),
  );
  return others.length > 0 && others.length < mostTogether ? [...alone, together] : alone;
}

const ofEach = (series: string | null): Message | null => (series === null ? null : message('of each {0}', series));

const inSeason = (series: string | null): Message =>
  series === null ? message('one season') : message('one season, of each {0}', series);

/** More columns than this are hardly meant to be forecast all. */
const mostTogether = 100;

/** The columns that could be forecast together with the target. */
function forecastWith({ experiment: { data }, profile }: Proposal): string[] {
  const taken = [data.target, data.time, data.series, ...data.known];
  return profile.columns
    .filter(({ name, kind, missing }) => kind === 'number' && missing < profile.rows && !taken.includes(name))
    .map(({ name }) => name);
}

function classGoals({ experiment, profile }: Proposal): readonly Choice<Goal>[] {
  const { target, time } = experiment.data;
  const groups = profile.columns.filter(
    (column) => column.name !== target && column.name !== time && couldTellApart(column, profile.rows),
  );
  const each = ({ name }: ColumnProfile): Choice<Goal> => ({
    label: message('Classify each {0}', name),
    description: null,
    detail: message('Rows with the same {0} are one sequence, which has one {1}.', name, target),
    value: { task: 'classify', horizon: null, series: name },
  });
  const isNamed = ({ name }: ColumnProfile) => groupNames.test(name.trim());
  return [
    ...groups.filter(isNamed).map(each),
    {
      label: message('Classify the last row'),
      description: null,
      detail: message('The {0} of a row, from that row and those before it.', target),
      value: { task: 'classify', horizon: null, series: null },
    },
    ...groups.filter((column) => !isNamed(column)).map(each),
    {
      label: message('Label every row'),
      description: null,
      detail: message('A {0} for each row, read in order.', target),
      value: { task: 'label', horizon: null, series: null },
    },
  ];
}

const groupNames = /(^|[_ ])(id|no|series|sequence|group|session|subject|machine|device|sensor|unit|item|recording)$/i;

/** Whether a column may tell sequences apart: words, or whole numbers that are named as such and repeat. */
function couldTellApart({ name, kind, missing, min, max }: ColumnProfile, rows: number): boolean {
  if (missing > 0) return false;
  if (kind === 'text') return true;
  const spread = min === null || max === null ? 0 : max - min;
  return kind === 'number' && groupNames.test(name.trim()) && spread > 0 && spread + 1 < rows;
}

/** The proposed model first, then a few others of its size, then one that is larger. */
export function modelChoices(proposal: Proposal): readonly Choice<Layers>[] {
  const { task, model } = proposal.experiment;
  const [first] = model.layers;
  if (first === undefined) return [];
  const others = task === 'forecast' ? forecasters(first) : task === 'language' ? readers(first) : classifiers(first);
  const same = (layers: Layers) => JSON.stringify(layers) === JSON.stringify(model.layers);
  const proposedChoice = choice(model.layers, reasonFor(proposal, 'model.layers', 'model'));
  return [proposedChoice, ...others.filter(({ value }) => !same(value))];
}

const simpler = (layer: LayerChoice) =>
  choice([{ ...layer, cell: 'gru' }], message('Three quarters of the LSTM’s parameters, often as good.'));

const forecasters = (layer: LayerChoice) => [
  choice([{ ...layer, cell: 'lstm' }], message('Remembers long spans; the usual first choice.')),
  simpler(layer),
  choice([{ ...layer, cell: 'rnn' }], message('The simplest recurrence; good for short memory, and to compare with.')),
  choice([layer, layer], message('Two layers: slower, for series with patterns on more than one scale.')),
];

const classifiers = (layer: LayerChoice) => [
  choice(
    [{ ...layer, bidirectional: true }],
    message('Reads each sequence from both ends; often better where all of it is at hand.'),
  ),
  simpler(layer),
  choice([layer, layer], message('Two layers: slower, for patterns on more than one scale.')),
];

const readers = (layer: LayerChoice) => [
  choice([{ ...layer, hidden: 128 }], message('More units learn more of the text, and take longer.')),
  choice([{ ...layer, cell: 'gru', hidden: 128 }], message('Three quarters of the LSTM’s parameters, often as good.')),
  choice(
    [{ ...layer, cell: 'minGru', hidden: 128 }],
    message('All steps are computed at once: quick to train on long windows.'),
  ),
];

function choice(layers: Layers, detail: Message | null): Choice<Layers> {
  const label = layers.map(({ cell, hidden }) => `${cellTitles[cell]} ${hidden}`).join(' → ');
  const both = layers.some(({ bidirectional }) => bidirectional);
  return { label: verbatim(label), description: both ? message('in both directions') : null, detail, value: layers };
}
