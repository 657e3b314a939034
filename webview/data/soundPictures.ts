import type { SoundPicture } from '../../extension/protocol/folderFacts';
import { element, svg } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { palette, paletteSize } from '../palettes';
import { onThemeChange } from '../theme';
import { headRow, scrolling } from './tables';

/** So many rows has the table that says what the pictures show. */
const tableRows = 20;

/** A sound's samples over time, and under them on the same axis the energies that a model reads. */
export class SoundPictures {
  readonly root = element('div', { class: 'soundPictures', hidden: true });
  private readonly wave = element('div', { class: 'wave' });
  private readonly canvas = element('canvas', { class: 'energies', 'aria-hidden': 'true' });
  private readonly low = element('span');
  private readonly high = element('span');
  private readonly end = element('span');
  private readonly top = element('span');
  private readonly scale = element('canvas', {
    class: 'energyScale',
    'aria-hidden': 'true',
    width: paletteSize,
    height: 1,
  });
  private readonly loud = element('span');
  private readonly quiet = element('span');
  private readonly table = element('div');
  private shown: SoundPicture | null = null;

  constructor() {
    const axis = (...ends: readonly HTMLElement[]) =>
      element('p', { class: 'ends figures', 'aria-hidden': 'true' }, ...ends);
    this.root.append(
      element('h3', {}, t('Samples')),
      element(
        'div',
        { class: 'bands' },
        this.wave,
        element('p', { class: 'bandEnds figures', 'aria-hidden': 'true' }, this.loud, this.quiet),
      ),
      element('h3', {}, t('Log-mel energies, as the model reads them')),
      element(
        'div',
        { class: 'bands' },
        this.canvas,
        element('p', { class: 'bandEnds figures', 'aria-hidden': 'true' }, this.top, element('span', {}, '0 Hz')),
      ),
      axis(element('span', {}, t('{0} s', '0')), this.end),
      element('p', { class: 'energyLegend figures', 'aria-hidden': 'true' }, this.low, this.scale, this.high),
      element('details', { class: 'tables' }, element('summary', {}, t('As a table')), this.table),
    );
    onThemeChange(() => this.paint());
  }

  show(picture: SoundPicture | null): void {
    this.shown = picture;
    this.root.hidden = picture === null;
    if (picture === null) return;
    const loudest = loudestOf(picture);
    this.wave.replaceChildren(waveOf(picture, loudest));
    this.loud.textContent = number(loudest, 3);
    this.quiet.textContent = number(-loudest, 3);
    this.end.textContent = t('{0} s', number(picture.seconds, 3));
    this.top.textContent = t('{0} Hz', number(picture.highest));
    this.table.replaceChildren(tableOf(picture));
    this.paint();
  }

  private paint(): void {
    const { shown } = this;
    if (shown === null) return;
    const { energies, steps, mels } = shown;
    const { least, most } = extentOf(energies);
    this.low.textContent = number(least, 3);
    this.high.textContent = number(most, 3);
    const colours = palette('sequential');
    this.canvas.width = steps;
    this.canvas.height = mels;
    const image = new ImageData(steps, mels);
    const pixels = new Uint32Array(image.data.buffer);
    for (let step = 0; step < steps; step++) {
      for (let mel = 0; mel < mels; mel++) {
        const share = most > least ? ((energies[step * mels + mel] ?? least) - least) / (most - least) : 0;
        // High frequencies are above low ones.
        pixels[(mels - 1 - mel) * steps + step] = colours[Math.round(share * (paletteSize - 1))] ?? 0;
      }
    }
    this.canvas.getContext('2d')?.putImageData(image, 0, 0);
    const legend = new ImageData(paletteSize, 1);
    new Uint32Array(legend.data.buffer).set(colours);
    this.scale.getContext('2d')?.putImageData(legend, 0, 0);
  }
}

function extentOf(values: readonly number[]) {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

function loudestOf({ low, high }: SoundPicture): number {
  const { least, most } = extentOf([...low, ...(high ?? [])]);
  return low.length === 0 ? 0 : Math.max(Math.abs(least), Math.abs(most));
}

/** The samples, as tall as the loudest of them. */
function waveOf({ low, high }: SoundPicture, loudest: number): SVGElement {
  const y = (value: number) => (50 - (48 * value) / Math.max(loudest, 1e-9)).toFixed(2);
  const path =
    high === null
      ? low.map((value, i) => `${i === 0 ? 'M' : 'L'}${i} ${y(value)}`).join('')
      : low.map((value, i) => `M${i} ${y(value)}L${i} ${y(high[i] ?? value)}`).join('');
  return svg(
    'svg',
    {
      class: 'spark',
      viewBox: `0 0 ${Math.max(1, low.length - 1)} 100`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    svg('path', { class: 'line', d: path, 'vector-effect': 'non-scaling-stroke' }),
  );
}

/** What the pictures show, for who cannot see them: how loud it is over time, and at which frequency the most energy is. */
function tableOf({ low, high, seconds, energies, steps, mels, highest }: SoundPicture): HTMLElement {
  const count = Math.min(tableRows, steps);
  const lines = Array.from({ length: count }, (_, i) => {
    const own = (length: number) => [Math.floor((i * length) / count), Math.floor(((i + 1) * length) / count)] as const;
    const [from, to] = own(low.length);
    const loudest = [...low.slice(from, to), ...(high ?? []).slice(from, to)].reduce(
      (a, b) => Math.max(a, Math.abs(b)),
      0,
    );
    const [first, end] = own(steps);
    let best = first * mels;
    for (let at = best; at < end * mels; at++) if ((energies[at] ?? 0) > (energies[best] ?? 0)) best = at;
    const cells = [
      number((i * seconds) / count, 3),
      number(loudest, 3),
      number(Math.round(topOf(best % mels, mels, highest))),
      number(energies[best] ?? 0, 3),
    ];
    return element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'figures amount' }, cells[0] ?? ''),
      ...cells.slice(1).map((text) => element('td', { class: 'figures amount' }, text)),
    );
  });
  const title = t('The sound over time');
  const table = element(
    'table',
    { class: 'facts', 'aria-label': title },
    headRow([t('from second'), t('loudest sample'), t('strongest band, Hz'), t('its log energy')]),
    element('tbody', {}, ...lines),
  );
  return scrolling(title, table);
}

/** The frequency at which a band is tallest, in Hz: the tops are equally far apart on the mel scale (O'Shaughnessy 1987). */
function topOf(mel: number, mels: number, highest: number): number {
  const whole = 2595 * Math.log10(1 + highest / 700);
  return 700 * (10 ** (((mel + 1) * whole) / (mels + 1) / 2595) - 1);
}
