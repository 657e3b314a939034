import type { DataFacts } from '../../extension/protocol/facts';
import { element } from '../dom';
import { say, t } from '../l10n';
import { number } from '../numbers';
import { Section } from '../section';
import { headRow, scrolling } from './tables';
import { choiceName, choiceValue, shareOf } from './words';

/** What would be trained, every choice with its reason, and where the parts lie. */
export class OverviewSection {
  readonly section = new Section('overview', t('Overview'));

  show(facts: DataFacts): void {
    const { proposal } = facts;
    const order = orderSentence(facts);
    const parts = [order, partsSentence(facts)].filter((text) => text !== '');
    const said = [...parts.map((text) => element('p', { class: 'said' }, text)), ...readNotes(facts)];
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
        element('th', { scope: 'row' }, choiceName(choice)),
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

/** What was read otherwise than it stands in the file. */
function readNotes({ notes }: DataFacts): HTMLElement[] {
  if (notes.length === 0) return [];
  const title = t('How the file was read');
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
function partsSentence({ split, characters }: DataFacts): string {
  if (split === null) return '';
  const { validation, test, end } = split;
  const part = (from: number, to: number) => `${number(to - from)} (${shareOf(to - from, end)})`;
  const sizes = [part(0, validation), part(validation, test), part(test, end)] as const;
  return characters === null
    ? t('Training reads {0} rows, validation {1}, the test {2}.', ...sizes)
    : t('Training reads {0} characters, validation {1}, the test {2}.', ...sizes);
}
