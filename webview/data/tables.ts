import type { ClassFacts, Counted, Frequencies } from '../../extension/protocol/facts';
import { element } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { barDrawing, partsDrawing } from './lineDrawing';
import { shareOf } from './words';

/** A table that scrolls by keyboard where it is too large. */
export function scrolling(title: string, table: HTMLElement): HTMLElement {
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title }, table);
}

export function headRow(titles: readonly string[]): HTMLElement {
  const cells = titles.map((title) => element('th', { scope: 'col' }, title));
  return element('thead', {}, element('tr', {}, ...cells));
}

/** Values, how often each stands, and how large a part of all that is. */
export function countTable(title: string, what: string, counted: readonly Counted[], total: number): HTMLElement {
  const most = counted[0]?.count ?? 1;
  const rows = counted.map(({ value, count }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'value' }, visible(value)),
      element('td', { class: 'figures amount' }, number(count)),
      element('td', { class: 'figures amount' }, shareOf(count, total)),
      element('td', { class: 'bar', 'aria-hidden': 'true' }, barDrawing(count / most)),
    ),
  );
  const head = headRow([what, t('count'), t('share')]);
  head.querySelector('tr')?.append(element('td', { 'aria-hidden': 'true' }));
  return element('table', { class: 'facts counts', 'aria-label': title }, head, element('tbody', {}, ...rows));
}

/** Values, how often each stands in each part, and the same as a bar in three pieces. */
export function partTable(
  title: string,
  what: string,
  counted: readonly Counted[],
  { train, validation, test }: NonNullable<ClassFacts['parts']>,
): HTMLElement {
  const most = Math.max(1, ...counted.map((_, i) => (train[i] ?? 0) + (validation[i] ?? 0) + (test[i] ?? 0)));
  const rows = counted.map(({ value }, i) => {
    const counts = [train[i] ?? 0, validation[i] ?? 0, test[i] ?? 0] as const;
    const all = counts[0] + counts[1] + counts[2];
    return element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'value' }, visible(value)),
      ...counts.map((count) => element('td', { class: 'figures amount' }, number(count))),
      element('td', { class: 'bar', 'aria-hidden': 'true' }, partsDrawing(...counts, all / most)),
    );
  });
  const head = headRow([what, t('training'), t('validation'), t('test')]);
  head.querySelector('tr')?.append(element('td', { 'aria-hidden': 'true' }));
  return element('table', { class: 'facts counts', 'aria-label': title }, head, element('tbody', {}, ...rows));
}

/** Signs that cannot be seen, by the names that they go by; the rest of a text as it is. */
export function visible(text: string): string {
  const names: Readonly<Record<string, string>> = {
    ' ': t('space'),
    '\n': t('end of line'),
    '\r': t('carriage return'),
    '\t': t('tab'),
    '': t('empty text'),
  };
  if (Object.hasOwn(names, text)) return names[text] ?? text;
  const [only] = text;
  if (only !== undefined && only.length === text.length && /[\p{C}\p{Z}]/u.test(text)) {
    return `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return text;
}

/** What there is how often: a sentence and a table. */
export function frequencyBlock(title: string, what: string, frequencies: Frequencies): HTMLElement {
  const { total, different, top, rarest, once } = frequencies;
  const said = t('{0} in all, {1} different; {2} stand once.', number(total), number(different), number(once));
  const shown = rarest.map(({ value }) => visible(value)).join(t(', '));
  const table = countTable(title, what, top, total);
  return element(
    'div',
    { class: 'frequencies' },
    element('h3', {}, title),
    element('p', { class: 'meaning figures' }, said),
    scrolling(title, table),
    shown === '' ? null : element('p', { class: 'meaning rarest' }, t('Among the rarest: {0}.', shown)),
  );
}
