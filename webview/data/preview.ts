import type { DataFacts } from '../../extension/protocol/facts';
import { element } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { Section } from '../section';
import { headRow, scrolling } from './tables';
import { kindName } from './words';

/** The first and the last rows, as they stand in the file. */
export class PreviewSection {
  readonly section = new Section('preview', t('Preview'));

  show(facts: DataFacts): void {
    const { preview, rows, columns, columnCount, characters } = facts;
    const isText = characters !== null;
    const names = isText ? [t('text')] : preview.names;
    const head = headRow([isText ? t('line') : t('row'), ...names]);
    if (!isText) {
      const kinds = names.map((_, i) => element('td', { class: 'kind' }, kindName(columns[i]?.kind ?? 'text')));
      head.append(
        element(
          'tr',
          {},
          element('th', { scope: 'row', class: 'hiddenCell' }, element('span', { class: 'hidden' }, t('type'))),
          ...kinds,
        ),
      );
    }
    const isNumber = names.map((_, i) => columns[i]?.kind === 'number');
    const row = (values: readonly (string | null)[], place: number) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row', class: 'figures' }, number(place)),
        ...values.map((value, i) =>
          value === null
            ? element('td', { class: 'absent' }, t('missing'))
            : element('td', { class: isNumber[i] ? 'figures amount' : 'value' }, value),
        ),
      );
    const between = rows - preview.head.length - preview.tail.length;
    const gap = element('td', { colspan: names.length + 1, class: 'between' }, t('{0} more', number(between)));
    const body = element(
      'tbody',
      {},
      ...preview.head.map((values, i) => row(values, i + 1)),
      ...(between > 0 ? [element('tr', {}, gap)] : []),
      ...preview.tail.map((values, i) => row(values, rows - preview.tail.length + i + 1)),
    );
    const title = t('The first and last rows');
    const table = element('table', { class: 'rows', 'aria-label': title }, head, body);
    const left = columnCount - names.length;
    const note =
      left > 0 ? element('p', { class: 'meaning' }, t('{0} more columns are not shown here.', number(left))) : '';
    this.section.content.replaceChildren(scrolling(title, table), note);
  }
}
