import type { ColumnFacts, DataFacts } from '../../extension/protocol/facts';
import { element } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { colourNames } from '../palettes';
import { Section } from '../section';
import { onThemeChange } from '../theme';
import { headRow, scrolling } from './tables';
import { nameOf, shareOf } from './words';

/** So many columns are shown; those that miss the most. */
const mostColumns = 100;

/** Where in the file values are missing: a strip a column over all rows. */
export class MissingSection {
  readonly section = new Section('missing', t('Missing Values'));
  private strips: readonly (() => void)[] = [];

  constructor() {
    onThemeChange(() => this.draw());
  }

  show({ columns, rows, missingBuckets }: DataFacts): void {
    const missing = columns.filter((column) => column.missing > 0).sort((a, b) => b.missing - a.missing);
    if (missing.length === 0) {
      this.section.hold({ kind: 'empty', text: t('No value is missing.') });
      return;
    }
    this.section.hold({ kind: 'none' });
    const shown = missing.slice(0, mostColumns);
    const canvases = shown.map(() => element('canvas', { width: missingBuckets, height: 1, 'aria-hidden': 'true' }));
    this.strips = shown.map(
      ({ missingShares }, i) =>
        () =>
          paint(canvases[i], missingShares ?? []),
    );
    const lines = shown.map((column, i) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row', class: 'name', title: column.name }, nameOf(column.name)),
        element('td', { class: 'figures amount' }, number(column.missing)),
        element('td', { class: 'figures amount' }, shareOf(column.missing, rows)),
        element('td', { class: 'where' }, placeOf(column, rows)),
        element('td', { class: 'strip', 'aria-hidden': 'true' }, canvases[i] ?? null),
      ),
    );
    const head = headRow([t('column'), t('missing'), t('share'), t('where')]);
    head
      .querySelector('tr')
      ?.append(
        element(
          'td',
          { class: 'strip', 'aria-hidden': 'true' },
          t('first row to last, the stronger the more are missing'),
        ),
      );
    const title = t('Missing values of each column');
    const table = element(
      'table',
      { class: 'facts missing', 'aria-label': title },
      head,
      element('tbody', {}, ...lines),
    );
    const said = t('{0} of {1} columns miss values.', number(missing.length), number(columns.length));
    this.section.content.replaceChildren(element('p', { class: 'said' }, said), scrolling(title, table));
    this.draw();
  }

  private draw(): void {
    for (const strip of this.strips) strip();
  }
}

/** One pixel a bucket; what is missing at all can be seen. */
function paint(canvas: HTMLCanvasElement | undefined, shares: readonly number[]): void {
  const context = canvas?.getContext('2d') ?? null;
  if (canvas === undefined || context === null) return;
  context.clearRect(0, 0, canvas.width, 1);
  const colours = colourNames('sequential');
  for (const [bucket, share] of shares.entries()) {
    if (share === 0) continue;
    const place = Math.round((0.35 + 0.65 * share) * (colours.length - 1));
    context.fillStyle = colours[place] ?? '';
    context.fillRect(bucket, 0, 1, 1);
  }
}

/** Where values are missing, in words: the rows between which they lie. */
function placeOf({ missing, missingShares }: ColumnFacts, rows: number): string {
  if (missing === rows) return t('everywhere');
  const shares = missingShares ?? [];
  const first = shares.findIndex((share) => share > 0);
  const last = shares.findLastIndex((share) => share > 0);
  const rowOf = (bucket: number) => Math.floor((bucket * rows) / Math.max(1, shares.length));
  return t('about rows {0} to {1}', number(rowOf(first) + 1), number(Math.max(rowOf(first) + 1, rowOf(last + 1))));
}
