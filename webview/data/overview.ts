import type { DataFacts } from '../../extension/protocol/facts';
import { element } from '../dom';
import { say, t } from '../l10n';
import { number } from '../numbers';
import { Section } from '../section';
import { partsDrawing } from './lineDrawing';
import { headRow, scrolling } from './tables';
import { choiceName, choiceValue, readAtOnce, shareOf } from './words';

/** What would be trained, every choice with its reason, and where the parts lie. */
export class OverviewSection {
  readonly section = new Section('overview', t('Overview'));

  show(facts: DataFacts): void {
    const { proposal } = facts;
    const order = orderSentence(facts);
    const why = facts.notDrawn === null ? '' : say(facts.notDrawn);
    const parts = [order, partsSentence(facts), why].filter((text) => text !== '');
    const said = [
      ...parts.map((text) => element('p', { class: 'said' }, text)),
      ...itemParts(facts),
      ...readNotes(facts),
    ];
    if (proposal.kind !== 'task') {
      const why =
        proposal.kind === 'pending'
          ? t('What would be trained, and why, is shown here once it is found.')
          : t('Nothing is proposed, so there is no split and no class to show.');
      this.section.content.replaceChildren(element('p', { class: 'said' }, why), ...said);
      return;
    }
    const rows = proposal.choices.map(({ choice, value, why }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row' }, choice === 'data.lookback' ? readAtOnce(facts) : choiceName(choice)),
        element('td', { class: 'figures value' }, choiceValue(choice, value)),
        element('td', { class: 'why' }, say(why)),
      ),
    );
    const title = t('What is proposed, and why');
    const head = headRow([t('choice'), t('value'), t('reason')]);
    const table = element(
      'table',
      { class: 'facts proposed', 'aria-label': title },
      head,
      element('tbody', {}, ...rows),
    );
    this.section.content.replaceChildren(...said, scrolling(title, table));
  }
}

/** How many items are in each part, in words and as a bar. */
function itemParts({ items }: DataFacts): HTMLElement[] {
  if (items === null) return [];
  const { of, train, validation, test } = items;
  const all = train + validation + test;
  const part = (count: number) => `${number(count)} (${shareOf(count, all)})`;
  const sizes = [part(train), part(validation), part(test)] as const;
  const sentences: Readonly<Record<typeof of, () => string>> = {
    sequences: () => t('Training reads {0} sequences, validation {1}, the test {2}; each is in one part.', ...sizes),
    sentences: () => t('Training reads {0} sentences, validation {1}, the test {2}; each is in one part.', ...sizes),
    pairs: () => t('Training reads {0} pairs, validation {1}, the test {2}; each is in one part.', ...sizes),
    texts: () => t('Training reads {0} texts, validation {1}, the test {2}; each is in one part.', ...sizes),
    words: () => t('Training reads {0} words and signs, validation {1}, the test {2}.', ...sizes),
    sounds: () => t('Training reads {0} sounds, validation {1}, the test {2}; each is in one part.', ...sizes),
  };
  return [
    element('p', { class: 'said' }, sentences[of]()),
    element('div', { class: 'itemParts' }, partsDrawing(train, validation, test, 1), partsLegend()),
  ];
}

/** What the pieces of a bar are. */
function partsLegend(): HTMLElement {
  const mark = (name: string) => element('span', { class: `patch ${name}`, 'aria-hidden': 'true' });
  const names = [mark('trained'), t('training'), mark('kept'), t('validation'), mark('tested'), t('test')];
  return element('p', { class: 'meaning legend' }, ...names);
}

/** What was read otherwise than it stands in the file. */
function readNotes({ notes, folder }: DataFacts): HTMLElement[] {
  if (notes.length === 0) return [];
  const title = folder === null ? t('How the file was read') : t('How the folder is read');
  const list = notes.map((note) => element('li', {}, say(note)));
  return [element('h3', {}, title), element('ul', { class: 'readNotes', 'aria-label': title }, ...list)];
}

function orderSentence({ order, columns }: DataFacts): string {
  // Without numbers there are no lines, and no order to speak of.
  if (columns.every(({ kind }) => kind !== 'number')) return '';
  if (order.by === 'file') return t('Lines are drawn in the order of the file.');
  return order.sorted
    ? t('The rows of the file are not in the order of {0}; lines are drawn in that order.', order.column)
    : t('The rows are in the order of {0}.', order.column);
}

/** How large the parts are. */
function partsSentence({ split, characters, read }: DataFacts): string {
  if (read !== null) {
    const { train, validation, test } = read.rows;
    const all = train + validation + test;
    const of = (rows: number) => `${number(rows)} (${shareOf(rows, all)})`;
    const parts = [of(train), of(validation), of(test)] as const;
    return read.count === 1
      ? t('Training reads {0} rows, validation {1}, the test {2}.', ...parts)
      : t('Training reads {0} rows of {3} series, validation {1}, the test {2}.', ...parts, number(read.count));
  }
  if (split === null) return '';
  const { validation, test, end } = split;
  const part = (from: number, to: number) => `${number(to - from)} (${shareOf(to - from, end)})`;
  const sizes = [part(0, validation), part(validation, test), part(test, end)] as const;
  return characters === null
    ? t('Training reads {0} rows, validation {1}, the test {2}.', ...sizes)
    : t('Training reads {0} characters, validation {1}, the test {2}.', ...sizes);
}
