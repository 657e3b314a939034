import type { Mistake } from '../../extension/protocol/results';
import { element } from '../dom';
import { t } from '../l10n';
import { fixed } from '../numbers';

/** Goes to a sequence of the test part. */
export type OpenSequence = (sequence: number, step: number | null) => void;

/** The wrong answers that say most about the model; each leads to its sequence in the inspector. */
export function mistakesTable(mistakes: readonly Mistake[], open: OpenSequence): HTMLElement {
  const has = (of: (mistake: Mistake) => unknown) => mistakes.some((mistake) => of(mistake) !== null);
  const [titles, probabilities] = [has(({ title }) => title), has(({ probability }) => probability)];
  const heading = probabilities ? t('The mistakes it was surest of') : t('The transcripts with the most mistakes');
  const heads = [
    t('Sequence'),
    ...(titles ? [t('Read')] : []),
    t('Truth'),
    t('Answer'),
    ...(probabilities ? [t('Probability')] : []),
  ];
  const rows = mistakes.map(({ sequence, step, truth, prediction, probability, title }) =>
    element(
      'tr',
      {},
      element('td', {}, opener(sequence, step, open)),
      titles ? element('td', { class: 'title' }, title ?? '') : null,
      element('td', { class: 'name' }, truth),
      element('td', { class: 'name' }, prediction === '' ? t('nothing') : prediction),
      probabilities ? element('td', { class: 'figure' }, `${fixed((probability ?? 0) * 100, 1)} %`) : null,
    ),
  );
  const table = element(
    'table',
    { class: 'mistakes figures', 'aria-label': heading },
    element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
    element('tbody', {}, ...rows),
  );
  return element(
    'div',
    { class: 'mistaken' },
    element('h3', {}, heading),
    element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': heading }, table),
  );
}

function opener(sequence: number, step: number | null, open: OpenSequence): HTMLElement {
  const text = step === null ? String(sequence + 1) : t('{0}, step {1}', sequence + 1, step + 1);
  const label =
    step === null
      ? t('Open test sequence {0} in the inspector', sequence + 1)
      : t('Open step {1} of test sequence {0} in the inspector', sequence + 1, step + 1);
  const link = element('a', { href: '#inspector', title: label, 'aria-label': label }, text);
  link.addEventListener('click', (event) => {
    event.preventDefault();
    open(sequence, step);
  });
  return link;
}
