import { theme } from '../theme';

export type Style = 'title' | 'note';

export const sizes: Readonly<Record<Style, number>> = { title: 13, note: 11 };
const weights: Readonly<Record<Style, number>> = { title: 600, note: 400 };

/** A file may name its nodes as it likes; nothing longer than this is ever measured or shown. */
const longest = 240;

/** Measures and cuts texts. Widths are remembered for as long as the page's font is the same. */
export class TextRuler {
  private readonly context = document.createElement('canvas').getContext('2d');
  private readonly widths = new Map<string, number>();
  private readonly family = theme().family;

  width(text: string, style: Style): number {
    const key = `${style} ${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (this.context !== null) this.context.font = `${weights[style]} ${sizes[style]}px ${this.family}`;
      width = this.context?.measureText(text).width ?? text.length * sizes[style] * 0.6;
      this.widths.set(key, width);
    }
    return width;
  }

  /** `text` within `room` pixels: what is too long loses its middle, since both ends of a name say most. */
  fit(text: string, style: Style, room: number): string {
    const short = clip(text, longest);
    if (this.width(short, style) <= room) return short;
    let low = 1;
    let high = short.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if (this.width(clip(short, middle), style) <= room) low = middle;
      else high = middle;
    }
    return clip(short, low);
  }
}

/** At most `most` characters of a text, an ellipsis in the place of its middle. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const letters = Array.from(text.slice(0, most * 2)).slice(0, Math.ceil((most - 1) / 2));
  const ending = Array.from(text.slice(-most * 2)).slice(-Math.floor((most - 1) / 2) || text.length * 2);
  return `${letters.join('')}…${most > 2 ? ending.join('') : ''}`;
}
