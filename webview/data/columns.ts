import type { ColumnFacts, DataFacts } from '../../extension/protocol/facts';
import { icon } from '../controls/icons';
import { button } from '../controls/toolkit';
import { element, setAttribute } from '../dom';
import { t } from '../l10n';
import { number, timeWriter } from '../numbers';
import { Section } from '../section';
import { ColumnDetail } from './columnDetail';
import { binDrawing, lineDrawing } from './lineDrawing';
import { visible } from './tables';
import { kindName, nameOf, roleName, shareOf } from './words';

/** So many columns are shown at once. */
const pageSize = 50;

interface ColumnMemory {
  readonly value: { readonly first: number };
  keep(change: { readonly first: number }): void;
}

/** Every column in a line of its own: what it is, how it goes and how its values are spread; it opens for more. */
export class ColumnsSection {
  readonly section = new Section('columns', t('Columns'));
  private readonly place = element('span', { class: 'meaning figures', 'aria-live': 'polite' });
  private readonly before = button(t('Previous'), () => this.turn(-pageSize), 'secondary');
  private readonly after = button(t('Next'), () => this.turn(pageSize), 'secondary');
  private facts: DataFacts | null = null;
  /** Columns that are open, by their place. */
  private readonly open = new Set<number>();

  constructor(private readonly memory: ColumnMemory) {
    this.section.tools.append(this.place, this.before.root, this.after.root);
  }

  show(facts: DataFacts): void {
    if (facts.path !== this.facts?.path) this.open.clear();
    this.facts = facts;
    const focused = document.activeElement?.getAttribute('aria-controls') ?? null;
    this.turn(0);
    // Whoever stands on a column while the rest comes in stays there.
    if (focused !== null) this.section.content.querySelector<HTMLElement>(`[aria-controls="${focused}"]`)?.focus();
  }

  private turn(by: number): void {
    const { facts, memory } = this;
    if (facts === null) return;
    const { columns, columnCount } = facts;
    const last = Math.floor(Math.max(0, columns.length - 1) / pageSize) * pageSize;
    const first = Math.min(last, Math.max(0, Math.floor((memory.value.first + by) / pageSize) * pageSize));
    memory.keep({ first });
    const shown = columns.slice(first, first + pageSize);
    const many = columns.length > pageSize;
    this.section.tools.hidden = !many;
    this.place.textContent = t(
      '{0} to {1} of {2}',
      number(first + 1),
      number(first + shown.length),
      number(columns.length),
    );
    this.before.enable(first > 0);
    this.after.enable(first + pageSize < columns.length);
    const left = columnCount - columns.length;
    const note =
      left > 0
        ? element('p', { class: 'meaning' }, t('{0} more columns of the file are not described.', number(left)))
        : '';
    const list = element(
      'ul',
      { class: 'columnList' },
      ...shown.map((column, i) => row(column, first + i, facts, this.open)),
    );
    this.section.content.replaceChildren(legend(facts), list, note);
    if (by !== 0) this.section.reveal();
  }
}

/** What the shades of the drawings mean. */
function legend({ split }: DataFacts): HTMLElement | string {
  if (split === null) return '';
  const mark = (name: string) => element('span', { class: `patch ${name}`, 'aria-hidden': 'true' });
  return element('p', { class: 'meaning legend' }, mark('part'), t('validation'), mark('part held'), t('test'));
}

function row(column: ColumnFacts, index: number, facts: DataFacts, opened: Set<number>): HTMLElement {
  const { name, kind, role, numbers, texts } = column;
  const detail = element('div', { class: 'columnDetail', id: `column-${index}`, hidden: true });
  const toggle = element(
    'button',
    { class: 'toggle', type: 'button', 'aria-expanded': 'false', 'aria-controls': `column-${index}` },
    icon('next'),
    element('span', { class: 'columnName' }, nameOf(name)),
  );
  toggle.title = name;
  let made: ColumnDetail | null = null;
  const turn = (open: boolean) => {
    if (open) opened.add(index);
    else opened.delete(index);
    setAttribute(toggle, 'aria-expanded', open ? 'true' : 'false');
    detail.hidden = !open;
    if (open && made === null) made = new ColumnDetail(detail, column, facts);
  };
  toggle.addEventListener('click', () => turn(detail.hidden !== false));
  if (opened.has(index)) turn(true);
  const bins = numbers?.bins ?? texts?.lengths ?? null;
  const unit = texts === null ? null : element('p', { class: 'meaning' }, t('characters of a text'));
  const hasLine = kind === 'number' && numbers !== null && numbers.min !== null;
  return element(
    'li',
    {},
    element(
      'div',
      { class: 'columnRow' },
      element(
        'div',
        { class: 'columnTitle' },
        element('h3', {}, toggle),
        element(
          'p',
          { class: 'meaning' },
          [kindName(kind), role === null ? '' : roleName(role)].filter((part) => part !== '').join(' · '),
        ),
      ),
      element(
        'div',
        { class: 'columnLine' },
        hasLine ? lineDrawing(numbers, facts.at, facts.rows, facts.split) : topValues(column),
      ),
      element('div', { class: 'columnBins' }, ...(bins === null ? [] : [binDrawing(bins), unit])),
      element(
        'p',
        { class: 'columnSaid figures' },
        ...sayings(column, facts.rows).map((text) => element('span', {}, text)),
      ),
    ),
    detail,
  );
}

/** Where there is no line to draw, the values that stand most often. */
function topValues({ texts, numbers, kind }: ColumnFacts): HTMLElement | null {
  if (kind === 'time' && numbers !== null && numbers.min !== null) return null;
  if (texts === null || texts.top.length === 0) return element('p', { class: 'meaning' }, t('no value at all'));
  const shown = texts.top
    .slice(0, 4)
    .map(({ value, count }) =>
      element('span', {}, visible(value), ' ', element('span', { class: 'figures' }, shareOf(count, texts.counted))),
    );
  return element('p', { class: 'topValues' }, ...shown);
}

/** The column in two or three short phrases. */
function sayings({ numbers, texts, kind, missing }: ColumnFacts, rows: number): string[] {
  const said: string[] = [];
  if (missing === rows) return [t('every value is missing')];
  if (numbers !== null && numbers.min !== null && numbers.max !== null) {
    const { min, max, mean } = numbers;
    const write = kind === 'time' ? timeWriter(Math.max(1, (max - min) / Math.max(1, rows))) : number;
    if (min === max) said.push(t('always {0}', write(min)));
    else {
      said.push(t('{0} to {1}', write(min), write(max)));
      if (kind === 'number' && mean !== null) said.push(t('mean {0}', number(mean)));
    }
  }
  if (texts !== null) said.push(texts.different === 1 ? t('1 value') : t('{0} different', number(texts.different)));
  if (missing > 0) said.push(t('{0} missing', shareOf(missing, rows)));
  return said;
}
