import type { Calibration } from '../../extension/protocol/results';
import { element, svg } from '../dom';
import { t } from '../l10n';
import { fixed, number } from '../numbers';

const size = 160;
const margin = { left: 60, bottom: 36, top: 8, right: 12 };

/** How often the model is right beside how sure it is. */
export function reliability(calibration: Calibration): HTMLElement {
  const title = t('How often the model is right, by how sure it is');
  return element(
    'div',
    { class: 'reliability' },
    element('h3', {}, t('Calibration')),
    element('p', { class: 'sentence' }, sentence(calibration)),
    element('div', { class: 'columns' }, diagram(calibration), table(calibration, title)),
  );
}

function sentence({ bins, error }: Calibration): string {
  const points = fixed(error * 100, 1);
  const lean = bins.reduce((sum, bin) => sum + bin.count * ((bin.confidence ?? 0) - (bin.accuracy ?? 0)), 0);
  return lean > 0
    ? t(
        'Confidence and accuracy are {0} percentage points apart on average (expected calibration error): the model is surer than it is right.',
        points,
      )
    : t(
        'Confidence and accuracy are {0} percentage points apart on average (expected calibration error): the model is right at least as often as it says.',
        points,
      );
}

/** Bars of accuracy over confidence; what the model is sure of lies on the diagonal where it is right as often as it says. */
function diagram({ bins }: Calibration): SVGElement {
  const x = (share: number) => margin.left + share * size;
  const y = (share: number) => margin.top + (1 - share) * size;
  const [width, height] = [margin.left + size + margin.right, margin.top + size + margin.bottom];
  const bars = bins.flatMap(({ confidence, accuracy, count }, i) => {
    if (count === 0 || confidence === null || accuracy === null) return [];
    const bar = svg('rect', {
      class: 'share',
      x: x(i / bins.length) + 1,
      y: y(accuracy),
      width: size / bins.length - 2,
      height: accuracy * size,
    });
    return [bar, svg('circle', { class: 'mean', cx: x(confidence), cy: y(accuracy), r: 2.5 })];
  });
  const tick = (share: number) => `${number(share * 100)} %`;
  const text = (at: { readonly x: number; readonly y: number }, anchor: string, words: string) =>
    svg('text', { ...at, 'text-anchor': anchor }, words);
  return svg(
    'svg',
    { class: 'diagram figures', viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' },
    ...bars,
    svg('line', { class: 'ideal', x1: x(0), y1: y(0), x2: x(1), y2: y(1) }),
    svg('path', { class: 'axis', d: `M${x(0)},${y(1)} V${y(0)} H${x(1)}` }),
    ...[0, 0.5, 1].map((share) => text({ x: x(share), y: y(0) + 14 }, 'middle', tick(share))),
    ...[0.5, 1].map((share) => text({ x: x(0) - 6, y: y(share) + 4 }, 'end', tick(share))),
    text({ x: x(0.5), y: y(0) + 30 }, 'middle', t('confidence')),
    svg(
      'text',
      { 'text-anchor': 'middle', transform: `translate(12 ${y(0.5)}) rotate(-90)`, x: 0, y: 0 },
      t('accuracy'),
    ),
  );
}

function table({ bins }: Calibration, title: string): HTMLElement {
  const heads = [t('Confidence'), t('Answers'), t('Mean confidence'), t('Accuracy')];
  const share = (value: number | null) => (value === null ? '–' : `${fixed(value * 100, 1)} %`);
  const rows = bins.flatMap(({ confidence, accuracy, count }, i) =>
    count === 0
      ? []
      : [
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, t('{0} to {1} %', number(i * 10), number((i + 1) * 10))),
            element('td', {}, number(count)),
            element('td', {}, share(confidence)),
            element('td', {}, share(accuracy)),
          ),
        ],
  );
  const bare = element(
    'table',
    { class: 'bins figures', 'aria-label': title },
    element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
    element('tbody', {}, ...rows.reverse()),
  );
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title }, bare);
}
