import assert from 'node:assert/strict';
import { dataOf, goalChoices, isProposed, modelChoices, targetChoices } from '../../../extension/host/trainingChoices';
import type { ColumnProfile } from '../../../extension/protocol/data';
import type { Proposal } from '../../../extension/protocol/engine';
import type { Experiment } from '../../../extension/protocol/experiment';
import { type Argument, format, message } from '../../../extension/protocol/messages';
import { experimentOn } from '../../support/experiments';

const column = (name: string, kind: ColumnProfile['kind'], missing = 0): ColumnProfile => ({
  name,
  kind,
  missing,
  min: kind === 'number' ? 1.23456 : null,
  max: kind === 'number' ? 9 : null,
});

const columns = [
  column('Month', 'time'),
  column('Note', 'text'),
  column('a', 'number', 7),
  column('on', 'boolean'),
  column('b', 'number'),
];
const reasons = [
  { choice: 'data.target', why: message('It is the last number column.') },
  { choice: 'model', why: message('The data is small.') },
];

function proposalOf(data: Partial<Experiment['data']>, task: Experiment['task'] = 'forecast'): Proposal {
  const experiment = experimentOn({ time: 'Month', target: 'b', horizon: 1, season: 12, ...data }, { task });
  return { profile: { path: '/w/data.csv', rows: 100, columns, fingerprint: 'sha256:0' }, experiment, reasons };
}

const labels = (choices: readonly { readonly label: { template: string; args: readonly Argument[] } }[]) =>
  choices.map(({ label }) => format(label));

describe('the choices of a training', () => {
  it('offer what can be learnt, the proposed target first with its reason, then numbers, then classes', () => {
    const choices = targetChoices(proposalOf({}));
    assert.deepEqual(labels(choices), ['b', 'a', 'on', 'Note']);
    assert.equal(choices[0]?.detail && format(choices[0].detail), 'It is the last number column.');
    assert.equal(choices[1]?.detail && format(choices[1].detail), '7 of 100 values are missing.');
    assert.deepEqual(
      choices.map(({ description }) => description && format(description)),
      ['1.235 to 9', '1.235 to 9', 'yes or no', 'classes'],
    );
  });

  it('do not offer a column without a value', () => {
    const { profile, ...rest } = proposalOf({});
    const empty = { ...profile, columns: [column('b', 'number'), column('none', 'text', 100)] };
    assert.deepEqual(labels(targetChoices({ ...rest, profile: empty })), ['b']);
  });

  it('offer each horizon once, the proposed one first', () => {
    const horizons = (proposal: Proposal) => goalChoices(proposal).map(({ value }) => value.horizon);
    assert.deepEqual(horizons(proposalOf({})), [1, 12, 1]);
    assert.deepEqual(labels(goalChoices(proposalOf({ horizon: 12 }))), [
      'Forecast the next 12 values',
      'Forecast the next value',
      'Forecast 2 columns together',
    ]);
  });

  it('say of which series each is', () => {
    const told = (proposal: Proposal) =>
      goalChoices(proposal).map(({ description }) => description && format(description));
    assert.deepEqual(told(proposalOf({})), [null, 'one season', null]);
    assert.deepEqual(told(proposalOf({ series: 'Note' })), [
      'of each Note',
      'one season, of each Note',
      'of each Note',
    ]);
  });

  it('offer classes of the last row, of sequences and of every row', () => {
    assert.deepEqual(labels(goalChoices(proposalOf({ target: 'on' }, 'classify'))), [
      'Classify the last row',
      'Classify each Note',
      'Label every row',
    ]);
    const [first] = goalChoices(proposalOf({ target: 'on', series: 'Note' }, 'classify'));
    assert.deepEqual(first?.value, { task: 'classify', horizon: null, series: 'Note' });
  });

  it('offer the tags of words as they are proposed', () => {
    const data = { target: 'tag', features: ['word'], series: 'message', text: { read: 'words' as const, most: 9 } };
    const proposal = proposalOf({ ...data, time: null }, 'label');
    const [goal, ...more] = goalChoices(proposal);
    assert.deepEqual([goal?.label && format(goal.label), more], ['Tell the tag of every word', []]);
    assert.ok(goal !== undefined && isProposed(proposal.experiment, goal.value));
    assert.deepEqual(dataOf(goal.value), { series: 'message' });
  });

  it('offer texts by words and by characters, the proposed way first with its reason, and other columns of text', () => {
    const texts = [column('kind', 'text'), column('body', 'text'), column('title', 'text')];
    const data = { target: 'kind', features: ['body'], text: { read: 'words' as const, most: 20_000 }, time: null };
    const { profile, experiment } = proposalOf(data, 'classify');
    const proposal: Proposal = {
      experiment,
      profile: { ...profile, columns: texts },
      reasons: [
        { choice: 'data.text', why: message('A text has {0} words as a rule, which say more than its characters.', 9) },
      ],
    };
    const goals = goalChoices(proposal);
    assert.deepEqual(labels(goals), [
      'Classify each body by its words',
      'Classify each body by its characters',
      'Classify each title by its words',
    ]);
    assert.match(goals[0]?.detail ? format(goals[0].detail) : '', /^A text has 9 words/);
    assert.deepEqual(
      goals.map(({ value }) => isProposed(experiment, value)),
      [true, false, false],
    );
    assert.deepEqual(goals[2] && dataOf(goals[2].value), { features: ['title'], text: { read: 'words' } });
  });

  it('offer a translation from one column into the other', () => {
    const proposal = proposalOf({ target: 'French', features: ['English'], time: null }, 'translate');
    const [goal, ...others] = goalChoices(proposal);
    assert.equal(goal && format(goal.label), 'Translate English into French');
    assert.deepEqual(others, []);
    assert.deepEqual(goal && dataOf(goal.value), {});
  });

  it('take a whole number for the name of a sequence only where it is named so', () => {
    const numbers = [column('machine id', 'number'), column('speed', 'number'), column('state', 'text')];
    const { profile, ...rest } = proposalOf({ target: 'state', time: null }, 'classify');
    assert.deepEqual(labels(goalChoices({ ...rest, profile: { ...profile, columns: numbers } })), [
      'Classify each machine id',
      'Classify the last row',
      'Label every row',
    ]);
  });

  it('offer the proposed model first, and it only once', () => {
    const choices = modelChoices(proposalOf({}));
    assert.deepEqual(labels(choices), ['LSTM 4', 'GRU 4', 'RNN (tanh) 4', 'LSTM 4 → LSTM 4']);
    assert.equal(choices[0]?.detail && format(choices[0].detail), 'The data is small.');
  });

  it('offer what suits the task: both directions for classes, more units for a text', () => {
    assert.deepEqual(
      modelChoices(proposalOf({}, 'classify')).map(({ value }) => value.map(({ bidirectional }) => bidirectional)),
      [[false], [true], [false], [false, false]],
    );
    assert.deepEqual(labels(modelChoices(proposalOf({}, 'language'))), ['LSTM 4', 'LSTM 128', 'GRU 128', 'minGRU 128']);
  });
});
