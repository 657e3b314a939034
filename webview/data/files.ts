import type { DataFacts } from '../../extension/protocol/facts';
import type { FolderFacts } from '../../extension/protocol/folderFacts';
import { element } from '../dom';
import { say, t } from '../l10n';
import { number } from '../numbers';
import { Section } from '../section';
import { headRow, scrolling, visible } from './tables';

/** What a person should look at before training on a folder: files that cannot be read, and items that repeat others. */
export class FilesSection {
  readonly section = new Section('files', t('What to Look At'));

  /** Whether there is something to show. */
  show({ folder }: DataFacts): boolean {
    if (folder === null) return false;
    const blocks = [...oddFiles(folder), ...repeats(folder)];
    if (blocks.length === 0) {
      this.section.hold({ kind: 'empty', text: t('No file is empty, silent or broken, and nothing stands twice.') });
    } else this.section.hold({ kind: 'none' });
    this.section.content.replaceChildren(...blocks);
    return true;
  }
}

function oddFiles({ odd, moreOdd, holds }: FolderFacts): HTMLElement[] {
  if (odd.length === 0) return [];
  const title =
    holds === 'texts' ? t('Files without a text, or in another encoding') : t('Sounds that are not as others');
  const lines = odd.map(({ name, why }) =>
    element('tr', {}, element('th', { scope: 'row', class: 'value' }, name), element('td', { class: 'why' }, say(why))),
  );
  const table = element(
    'table',
    { class: 'facts odd', 'aria-label': title },
    headRow([t('file'), t('what')]),
    element('tbody', {}, ...lines),
  );
  const more = moreOdd > 0 ? [element('p', { class: 'meaning' }, t('{0} more', number(moreOdd)))] : [];
  return [element('h3', {}, title), scrolling(title, table), ...more];
}

function repeats({ repeats: listed, repeated, ambiguous, holds }: FolderFacts): HTMLElement[] {
  if (listed.length === 0) return [];
  const title = holds === 'texts' ? t('Texts that stand more than once') : t('Sounds that stand more than once');
  const sentence =
    ambiguous === 0
      ? t('{0} repeat an earlier one; none of them has another class.', number(repeated))
      : t(
          '{0} repeat an earlier one; {1} have several classes, of which a model can learn one at most.',
          number(repeated),
          number(ambiguous),
        );
  const lines = listed.map(({ item, count, classes }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'value' }, visible(item)),
      element('td', { class: 'figures amount' }, number(count)),
      element('td', { class: 'value' }, classes.join(t(', '))),
    ),
  );
  const table = element(
    'table',
    { class: 'facts', 'aria-label': title },
    headRow([holds === 'texts' ? t('text') : t('first file'), t('count'), t('classes')]),
    element('tbody', {}, ...lines),
  );
  return [element('h3', {}, title), element('p', { class: 'said' }, sentence), scrolling(title, table)];
}
