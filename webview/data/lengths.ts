import type { DataFacts, LengthFacts } from '../../extension/protocol/facts';
import { element } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { Section } from '../section';
import { binFigure } from './figures';

/** How long sequences, lines, texts or sounds are. */
export class LengthsSection {
  readonly section = new Section('lengths', t('Lengths'));

  /** Whether there is something to show. */
  show({ lengths, proposal, columns }: DataFacts): boolean {
    const blocks = lengths.map((each) => {
      const { said, unit } = wordsFor(each);
      return element('div', {}, element('p', { class: 'said' }, said), binFigure(each.bins, unit, number));
    });
    // What is read token by token is known by how long it is.
    const isOfTexts = proposal.kind === 'task' && lengths.length === 0;
    for (const { name, role, kind, texts } of isOfTexts ? columns : []) {
      const isRead =
        role === 'feature' ||
        (role === 'target' && ['translate', 'transcribe'].includes(proposal.kind === 'task' ? proposal.task : ''));
      const bins = texts?.lengths ?? null;
      if (kind !== 'text' || !isRead || bins === null) continue;
      blocks.push(element('div', {}, element('h3', {}, name), binFigure(bins, t('characters of a text'), number)));
    }
    this.section.content.replaceChildren(element('div', { class: 'lengths' }, ...blocks));
    return blocks.length > 0;
  }
}

/** Lengths in one sentence, and what they are counted in. */
function wordsFor({ of, series, items, shortest, longest, mean }: LengthFacts): {
  readonly said: string;
  readonly unit: string;
} {
  const sizes = [number(items), number(shortest, 3), number(longest, 3), number(mean, 3)] as const;
  switch (of) {
    case 'lines':
      return {
        said: t('{0} lines of {1} to {2} characters, {3} on average.', ...sizes),
        unit: t('characters of a line'),
      };
    case 'texts':
      return {
        said: t('{0} texts of {1} to {2} characters, {3} on average.', ...sizes),
        unit: t('characters of a text'),
      };
    case 'words':
      return {
        said: t('{0} texts of {1} to {2} words and signs, {3} on average.', ...sizes),
        unit: t('words and signs of a text'),
      };
    case 'sounds':
      return {
        said: t('{0} sounds of {1} to {2} seconds, {3} on average.', ...sizes),
        unit: t('seconds of a sound'),
      };
    case 'transcripts':
      return {
        said: t('{0} transcripts of {1} to {2} characters, {3} on average.', ...sizes),
        unit: t('characters of a transcript'),
      };
    case 'sequences':
      return {
        said: t(
          '{0} sequences, told apart by {1}, of {2} to {3} rows, {4} on average.',
          sizes[0],
          series ?? '',
          sizes[1],
          sizes[2],
          sizes[3],
        ),
        unit: t('rows of a sequence'),
      };
  }
}
