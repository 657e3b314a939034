import type { ClassResults } from '../../extension/protocol/results';
import { button, dropdown } from '../controls/toolkit';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { onThemeChange } from '../theme';
import { type ClassOrder, orderedRows, rowName } from './classOrder';
import { confusionTable } from './confusion';
import { perClassTable } from './perClass';

/** Classes that are shown before all are asked for: more cannot be looked over. */
const few = 30;
/** Pairs of classes in the list of what is confused. */
const pairs = 5;

/** Which class was taken for which, and how well each one is told, in one order. */
export class ClassesView {
  readonly root = element('div', { class: 'classes' });
  /** Each class for itself. */
  readonly each = element('div', { class: 'each' });
  private readonly matrix = element('div');
  private readonly table = element('div');
  private readonly confused = element('p', { class: 'confused' });
  private readonly note = element('p', { class: 'meaning' });
  private readonly order = dropdown(t('Order'), (value) => {
    this.chosen = value as ClassOrder;
    this.draw();
  });
  private readonly more = button(
    t('Show All Classes'),
    () => {
      this.whole = true;
      this.draw();
    },
    'secondary',
  );
  private results: ClassResults | null = null;
  private target = '';
  private chosen: ClassOrder = 'name';
  private whole = false;

  constructor() {
    const about = element('div', { class: 'bar ordering' }, element('h3', {}, t('Confusion matrix')), this.order.root);
    this.root.append(about, this.confused, this.matrix, element('div', { class: 'more' }, this.note, this.more.root));
    this.each.append(element('h3', {}, t('Each class')), this.table);
    onThemeChange(() => this.draw());
  }

  show(results: ClassResults, target: string): void {
    this.results = results;
    this.target = target;
    this.chosen = results.confusion.length > few ? 'confused' : 'name';
    this.order.offer(
      [
        { value: 'name', text: t('By name') },
        { value: 'frequent', text: t('Most frequent first') },
        { value: 'confused', text: t('Most confused first') },
      ],
      this.chosen,
    );
    this.draw();
  }

  private draw(): void {
    const { results, target } = this;
    if (results === null) return;
    const ordered = orderedRows(results, this.chosen);
    const rows = this.whole ? ordered : ordered.slice(0, few);
    const isCut = rows.length < ordered.length;
    this.more.show(isCut);
    this.note.hidden = !isCut;
    setText(this.note, t('The first {0} of {1} classes are shown.', rows.length, ordered.length - 1 + results.others));
    setText(this.confused, mostConfused(results));
    const title = t(
      'How often the {0} of a row was answered as that of a column, shaded by its share of the row',
      target,
    );
    this.matrix.replaceChildren(
      element('p', { class: 'meaning', 'aria-hidden': 'true' }, title),
      confusionTable(results, rows, title),
    );
    this.table.replaceChildren(perClassTable(results, ordered, t('How well each {0} is told', target)));
  }
}

/** The pairs of classes that are confused most often, in words. */
function mostConfused(results: ClassResults): string {
  const found: { readonly truth: number; readonly answer: number; readonly count: number }[] = [];
  for (const [truth, counts] of results.confusion.entries()) {
    for (const [answer, count] of counts.entries())
      if (truth !== answer && count > 0) found.push({ truth, answer, count });
  }
  if (found.length === 0) return t('No class was taken for another one.');
  const worst = found.sort((a, b) => b.count - a.count || a.truth - b.truth || a.answer - b.answer).slice(0, pairs);
  const texts = worst.map(({ truth, answer, count }) =>
    t('{0} as {1} ({2})', rowName(results, truth), rowName(results, answer), number(count)),
  );
  return t('Most often confused: {0}.', texts.join(t(', ')));
}
