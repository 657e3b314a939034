import type { DataFacts } from '../../extension/protocol/facts';
import { element } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { Section } from '../section';
import { countTable, frequencyBlock, partTable, scrolling } from './tables';
import { shareOf } from './words';

/** How often each class of the target stands. */
export class ClassesSection {
  readonly section = new Section('classes', t('Classes'));

  /** Whether there is something to show. */
  show({ classes }: DataFacts): boolean {
    if (classes === null) return false;
    const { target, of, top, more, moreCount } = classes;
    const total = top.reduce((sum, { count }) => sum + count, moreCount);
    const many = number(top.length + more);
    const [most] = top;
    const sentences: Readonly<Record<typeof of, () => string>> = {
      rows: () => t('{0} has {1} classes; rows are counted.', target, many),
      sequences: () => t('{0} has {1} classes; sequences are counted.', target, many),
      texts: () => t('{0} classes; texts are counted.', many),
      sounds: () => t('{0} classes; sounds are counted.', many),
    };
    const said = sentences[of]();
    const guess =
      most === undefined
        ? ''
        : ` ${t('Whoever always answers {0} is right in {1}.', most.value, shareOf(most.count, total))}`;
    const title = t('Classes of {0}', target);
    const rest =
      more > 0
        ? element('p', { class: 'meaning' }, t('{0} more classes stand {1} times.', number(more), number(moreCount)))
        : '';
    this.section.content.replaceChildren(
      element('p', { class: 'said' }, said + guess),
      scrolling(title, countTable(title, t('class'), top, total)),
      rest,
      ...partsOf(classes),
    );
    return true;
  }
}

/** How the classes are divided, where chance divides them. */
function partsOf({ target, top, parts }: NonNullable<DataFacts['classes']>): HTMLElement[] {
  if (parts === null) return [];
  const sum = (counts: readonly number[]) => number(counts.reduce((all, count) => all + count, 0));
  const title = t('Parts of {0}', target);
  return [
    element('h3', {}, t('What is kept from training')),
    element(
      'p',
      { class: 'said' },
      t(
        'Training reads {0}, validation {1}, the test {2}: chance puts each into a part, alike for every class, and equal ones into one.',
        sum(parts.train),
        sum(parts.validation),
        sum(parts.test),
      ),
    ),
    scrolling(title, partTable(title, t('class'), top, parts)),
  ];
}

/** What texts are written with. */
export class VocabularySection {
  readonly section = new Section('vocabulary', t('Vocabulary'));

  show({ vocabulary }: DataFacts): boolean {
    if (vocabulary === null) return false;
    const { columns, read, isWhole, characters, words } = vocabulary;
    const from = columns === null ? '' : `${t('Counted in {0}.', columns.join(t(', ')))} `;
    const far = isWhole ? '' : t('Only the first {0} characters were counted.', number(read));
    const said = `${from}${far}`.trim();
    this.section.content.replaceChildren(
      said === '' ? '' : element('p', { class: 'said' }, said),
      element(
        'div',
        { class: 'vocabulary' },
        frequencyBlock(t('Characters'), t('character'), characters),
        frequencyBlock(t('Words and signs'), t('word'), words),
      ),
    );
    return true;
  }
}
