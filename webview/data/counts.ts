import type { DataFacts } from '../../extension/protocol/facts';
import { element } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { Section } from '../section';
import { binFigure } from './figures';
import { countTable, frequencyBlock, partTable, scrolling } from './tables';
import { shareOf } from './words';

/** How often each class of the target stands. */
export class ClassesSection {
  readonly section = new Section('classes', t('Classes'));

  /** Whether there is something to show. */
  show({ classes }: DataFacts): boolean {
    if (classes === null) return false;
    const { target, ofSequences, top, more, moreCount } = classes;
    const total = top.reduce((sum, { count }) => sum + count, moreCount);
    const many = number(top.length + more);
    const [most] = top;
    const said = ofSequences
      ? t('{0} has {1} classes; sequences are counted.', target, many)
      : t('{0} has {1} classes; rows are counted.', target, many);
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

/** How long sequences or lines are. */
export class LengthsSection {
  readonly section = new Section('lengths', t('Lengths'));

  show({ lengths, proposal, columns }: DataFacts): boolean {
    const blocks: HTMLElement[] = [];
    if (lengths !== null) {
      const { of, series, items, shortest, longest, mean, bins } = lengths;
      const said =
        of === 'lines'
          ? t(
              '{0} lines of {1} to {2} characters, {3} on average.',
              number(items),
              number(shortest),
              number(longest),
              number(mean),
            )
          : t(
              '{0} sequences, told apart by {1}, of {2} to {3} rows, {4} on average.',
              number(items),
              series ?? '',
              number(shortest),
              number(longest),
              number(mean),
            );
      const unit = of === 'lines' ? t('characters of a line') : t('rows of a sequence');
      blocks.push(element('p', { class: 'said' }, said), binFigure(bins, unit, number));
    }
    // What is read token by token is known by how long it is.
    const isOfTexts = proposal.kind === 'task' && lengths === null;
    for (const { name, role, kind, texts } of isOfTexts ? columns : []) {
      const isRead =
        role === 'feature' ||
        (role === 'target' && ['translate', 'transcribe'].includes(proposal.kind === 'task' ? proposal.task : ''));
      const bins = texts?.lengths ?? null;
      if (kind !== 'text' || !isRead || bins === null) continue;
      blocks.push(element('div', {}, element('h3', {}, name), binFigure(bins, t('characters of a text'), number)));
    }
    this.section.content.replaceChildren(...blocks);
    return blocks.length > 0;
  }
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
