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
    const { preview, rows, columns, columnCount, characters, folder } = facts;
    const isText = characters !== null;
    const names = isText ? [t('text')] : folder === null ? preview.names : preview.names.map(folderName);
    const place = isText ? t('line') : folder === null ? t('row') : folder.holds === 'texts' ? t('text') : t('sound');
    const head = headRow([place, ...names]);
    if (!isText && folder === null) {
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
    const isNumber = preview.names.map((name, i) =>
      folder === null ? columns[i]?.kind === 'number' : name === 'seconds',
    );
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
    const title = folder === null ? t('The first and last rows') : t('The first and last items');
    const table = element('table', { class: 'rows', 'aria-label': title }, head, body);
    const left = folder === null ? columnCount - names.length : 0;
    const note =
      left > 0 ? element('p', { class: 'meaning' }, t('{0} more columns are not shown here.', number(left))) : '';
    this.section.content.replaceChildren(scrolling(title, table), note);
  }
}

/** What the columns of a folder's items are called; that of what sounds say may have a name of its own. */
function folderName(name: string): string {
  const names: Readonly<Record<string, string>> = {
    file: t('file'),
    class: t('class'),
    text: t('text'),
    seconds: t('seconds'),
  };
  return Object.hasOwn(names, name) ? (names[name] ?? name) : name;
}
