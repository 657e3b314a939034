import type { TranslationSample } from '../../extension/protocol/results';
import { element } from '../dom';
import { t } from '../l10n';
import { fixed } from '../numbers';
import { colourNames, inksOn, paletteSize } from '../palettes';

/** Some translations beside what is right; each opens into a table of where the decoder looked for each word. */
export function translationList(samples: readonly TranslationSample[]): HTMLElement {
  return element(
    'div',
    { class: 'translations' },
    element('h3', {}, t('Some translations of the test part')),
    ...samples.map((sample, i) => translation(sample, i === 0)),
  );
}

function translation(
  { source, translation: words, truth, probability, attention }: TranslationSample,
  open: boolean,
): HTMLElement {
  const written = words.length === 0 ? t('nothing') : words.join(' ');
  return element(
    'details',
    { open },
    element(
      'summary',
      {},
      element('span', { class: 'source' }, source.join(' ')),
      element('span', { class: 'written' }, written),
    ),
    element(
      'p',
      { class: 'meaning' },
      t('Right: {0} (what was written has a probability of {1} %)', truth, fixed(probability * 100, 1)),
    ),
    attention === null || words.length === 0 ? null : attentionTable(source, words, attention),
  );
}

/** A row for each word that was written, a column for each that was read, shaded by the share of the attention. */
function attentionTable(
  source: readonly string[],
  words: readonly string[],
  attention: readonly (readonly number[])[],
): HTMLElement {
  const [colours, inks] = [colourNames('sequential'), inksOn('sequential')];
  const title = t('Where the decoder looked for each word, in per cent');
  const head = element(
    'tr',
    {},
    element('td', { class: 'corner' }, t('written ↓ read →')),
    ...source.map((word) => element('th', { scope: 'col' }, word)),
  );
  const body = words.map((word, row) => {
    const cells = source.map((read, column) => {
      const share = attention[row]?.[column] ?? 0;
      const cell = element(
        'td',
        { title: t('{0} from {1}: {2} %', word, read, fixed(share * 100, 1)) },
        fixed(share * 100, 0),
      );
      const place = Math.round((paletteSize - 1) * Math.min(1, Math.max(0, share)));
      cell.style.backgroundColor = colours[place] ?? '';
      cell.style.color = inks[place] ?? '';
      return cell;
    });
    return element('tr', {}, element('th', { scope: 'row' }, word), ...cells);
  });
  const table = element(
    'table',
    { class: 'attention figures', 'aria-label': title },
    element('thead', {}, head),
    element('tbody', {}, ...body),
  );
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title }, table);
}
