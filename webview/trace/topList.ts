import type { SignalRef } from '../../extension/protocol/inspection';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { type Choices, largest, percent, shownName } from './choices';
import { measureOf, sharesOf } from './shares';
import type { StepValues } from './source';

export interface TopList {
  readonly root: HTMLElement;
  /** Null: they are on their way; what is shown stays. */
  point(values: StepValues | null): void;
}

const shown = 5;

/** Whether an output is worth a list: of fewer numbers everything is seen in its row. */
export const hasTopList = (units: number): boolean => units >= 3;

/** The likeliest answers at the step, with their probabilities as bars. */
export function answerList(choices: Choices): TopList {
  return listOf(t('Likeliest answers'), (values) => {
    const probabilities = values.of({ of: 'choices' });
    return {
      note: '',
      rows: largest(probabilities, shown).map((i) => ({
        name: shownName(choices.names[i] ?? '', choices),
        share: probabilities[i] ?? 0,
        figure: null,
      })),
    };
  });
}

/** The largest numbers of an output at the step. What does not add up to one is also given as a share: its softmax. */
export function outputList(signal: SignalRef, title: string, unitName: (unit: number) => string): TopList {
  return listOf(t('Largest of {0}', title), (values) => {
    const numbers = values.of(signal);
    const measure = measureOf(numbers);
    const shares = sharesOf(numbers, measure);
    const notes = {
      probabilities: '',
      logarithms: t('The numbers are logarithms of probabilities; beside them stands what they come to.'),
      logits: t('The numbers are taken as logits; beside them stands their softmax.'),
    };
    return {
      note: notes[measure],
      rows: largest(numbers, shown).map((i) => ({
        name: unitName(i),
        share: shares[i] ?? Number.NaN,
        figure: measure === 'probabilities' ? null : number(numbers[i] ?? Number.NaN, 3),
      })),
    };
  });
}

interface Rows {
  readonly note: string;
  readonly rows: readonly { readonly name: string; readonly share: number; readonly figure: string | null }[];
}

function listOf(title: string, read: (values: StepValues) => Rows): TopList {
  const note = element('p', { class: 'meaning', hidden: true });
  const list = element('ol', { class: 'answers', 'aria-label': title });
  const root = element('div', { class: 'topList' }, element('h3', {}, title), list, note);
  return {
    root,
    point: (values) => {
      root.classList.toggle('waiting', values === null);
      if (values === null) return;
      const { rows, note: said } = read(values);
      note.hidden = said === '';
      setText(note, said);
      // Rows are written over, not made anew: a step is taken many times a second.
      while (list.children.length > rows.length) list.lastChild?.remove();
      for (const [i, { name, share, figure }] of rows.entries()) {
        const row = list.children[i] ?? list.appendChild(emptyRow());
        const [nameCell, barCell, figureCell, shareCell] = row.children;
        if (!(nameCell instanceof HTMLElement) || !(barCell instanceof HTMLElement)) continue;
        setText(nameCell, name);
        nameCell.title = name;
        barCell.style.setProperty('--share', String(Number.isFinite(share) ? share : 0));
        if (figureCell !== undefined) setText(figureCell, figure ?? '');
        if (shareCell !== undefined) setText(shareCell, percent(share));
      }
    },
  };
}

const emptyRow = (): HTMLElement =>
  element(
    'li',
    {},
    element('span', { class: 'name' }),
    element('span', { class: 'share', 'aria-hidden': 'true' }),
    element('span', { class: 'figures logit' }),
    element('span', { class: 'figures' }),
  );
