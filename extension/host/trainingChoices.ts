import type { Proposal } from '../protocol/engine';
import type { CellName, Experiment } from '../protocol/experiment';
import { type Message, message } from '../protocol/messages';
import { significant } from './quantities';

/** One answer to a question, with the reason for it. */
export interface Choice<T> {
  readonly label: Message;
  readonly description: Message | null;
  readonly detail: Message | null;
  readonly value: T;
}

type Layers = Experiment['model']['layers'];

/** Text of the user's own, such as a column's name: shown as it is. */
export const verbatim = (text: string): Message => ({ template: '{0}', args: [text] });

/** The reason given for the first of `choices` that has one. */
function reasonFor({ reasons }: Proposal, ...choices: readonly string[]): Message | null {
  for (const choice of choices) {
    const reason = reasons.find((each) => each.choice === choice);
    if (reason !== undefined) return reason.why;
  }
  return null;
}

/** The number columns, the proposed target first. */
export function targetChoices(proposal: Proposal): readonly Choice<string>[] {
  const { target } = proposal.experiment.data;
  const numbers = proposal.profile.columns.filter(({ kind }) => kind === 'number');
  const ordered = [...numbers.filter(({ name }) => name === target), ...numbers.filter(({ name }) => name !== target)];
  return ordered.map(({ name, missing, min, max }) => ({
    label: verbatim(name),
    description: min === null || max === null ? null : message('{0} to {1}', significant(min), significant(max)),
    detail:
      name === target
        ? reasonFor(proposal, 'data.target')
        : missing > 0
          ? message('{0} of {1} values are missing.', missing, proposal.profile.rows)
          : null,
    value: name,
  }));
}

/** How far ahead to forecast, the proposed horizon first. */
export function horizonChoices(proposal: Proposal): readonly Choice<number>[] {
  const { horizon, season } = proposal.experiment.data;
  const horizons = [...new Set([horizon, 1, ...(season === null || season < 2 ? [] : [season])])];
  return horizons.map((value) => ({
    label: value === 1 ? message('Forecast the next value') : message('Forecast the next {0} values', value),
    description: value === season ? message('one season') : null,
    detail: value === horizon ? reasonFor(proposal, 'data.horizon', 'task') : null,
    value,
  }));
}

const cellLabels: Readonly<Record<CellName, string>> = {
  rnn: 'RNN',
  rnnRelu: 'RNN (ReLU)',
  rnnSigmoid: 'RNN (sigmoid)',
  lstm: 'LSTM',
  gru: 'GRU',
  gruResetBefore: 'GRU (reset before)',
};

/** The proposed model first, then the other common cells at its size, then a deeper one. */
export function modelChoices(proposal: Proposal): readonly Choice<Layers>[] {
  const proposed = proposal.experiment.model.layers;
  const [first] = proposed;
  if (first === undefined) return [];
  const { hidden } = first;
  const others: readonly Choice<Layers>[] = [
    choice([{ cell: 'lstm', hidden }], message('Remembers long spans; the usual first choice.')),
    choice([{ cell: 'gru', hidden }], message('Three quarters of the LSTM’s parameters, often as good.')),
    choice([{ cell: 'rnn', hidden }], message('The simplest recurrence; good for short memory, and to compare with.')),
    choice(
      [
        { cell: first.cell, hidden },
        { cell: first.cell, hidden },
      ],
      message('Two layers: slower, for series with patterns on more than one scale.'),
    ),
  ];
  const proposedChoice = choice(proposed, reasonFor(proposal, 'model.layers', 'model'));
  const same = (layers: Layers) => JSON.stringify(layers) === JSON.stringify(proposed);
  return [proposedChoice, ...others.filter(({ value }) => !same(value))];
}

function choice(layers: Layers, detail: Message | null): Choice<Layers> {
  const label = layers.map(({ cell, hidden }) => `${cellLabels[cell]} ${hidden}`).join(' → ');
  return { label: verbatim(label), description: null, detail, value: layers };
}
