import { svg } from '../dom';

/** Outlines on a 16 by 16 grid, drawn with a stroke of 1.25 in the colour of the text. */
const outlines = {
  first: 'M4 3.5v9 M12 3.5 6.5 8l5.5 4.5z',
  previous: 'M10.5 3.5 5 8l5.5 4.5',
  next: 'M5.5 3.5 11 8l-5.5 4.5',
  last: 'M12 3.5v9 M4 3.5 9.5 8 4 12.5z',
  play: 'M5 3.25 12.25 8 5 12.75z',
  pause: 'M5.5 3.5v9 M10.5 3.5v9',
  previousPeak: 'M4.5 4 2 6.5 4.5 9 M6.5 12.5c2 0 2.5-8 4-8s2 8 4 8',
  nextPeak: 'M11.5 4 14 6.5 11.5 9 M1.5 12.5c2 0 2.5-8 4-8s2 8 4 8',
  previousSaturation: 'M4.5 4 2 6.5 4.5 9 M6.5 12.5c3 0 2-8.5 4-8.5h4',
  nextSaturation: 'M11.5 4 14 6.5 11.5 9 M1.5 12.5c3 0 2-8.5 4-8.5h4',
  zoomIn: 'M8 3.5v9 M3.5 8h9',
  zoomOut: 'M3.5 8h9',
  expand: 'M5 6.5 8 3.5l3 3 M8 3.5v9 M5 9.5l3 3 3-3',
  collapse: 'M5 3.5l3 3 3-3 M8 2v4.5 M5 12.5l3-3 3 3 M8 14V9.5',
  fit: 'M3 6V3h3 M10 3h3v3 M13 10v3h-3 M6 13H3v-3',
  picture: 'M2.5 3.5h11v9h-11z M2.5 10.5l3-3 3 3 2-2 3 3 M10.6 6.2h.01',
  drawing: 'M3 3h3v3H3z M10 10h3v3h-3z M4.5 6v2.5a3 3 0 0 0 3 3H10',
  table: 'M2.5 3.5h11v9h-11z M2.5 6.5h11 M2.5 9.5h11 M6.5 3.5v9',
  unpin: 'M4.5 4.5l7 7 M11.5 4.5l-7 7',
  preparing: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5',
  training: 'M8 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
  paused: 'M5.5 3.5v9 M10.5 3.5v9',
  stopped: 'M4 4h8v8H4z',
  interrupted: 'M9 2.5 4.5 9H8l-1 4.5L11.5 7H8z',
  failed: 'M8 2.5 14 13H2z M8 6.5v3 M8 11.3h.01',
  hint: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11z M8 7.5v3.5 M8 5h.01',
  done: 'M3 8.5l3.5 3.5L13 4.5',
} as const;

export type IconName = keyof typeof outlines;

/** A picture without a meaning of its own: what carries it must have a name. */
export function icon(name: IconName): SVGSVGElement {
  const path = svg('path', { d: outlines[name] });
  return svg(
    'svg',
    { class: `icon icon-${name}`, viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' },
    path,
  );
}

/** A short piece of a chart's line, so that a label can say which line it means without colour alone. */
export function lineSample(className: string, dash: readonly number[]): SVGSVGElement {
  const line = svg('line', {
    x1: 0,
    x2: 20,
    y1: 6,
    y2: 6,
    'stroke-dasharray': dash.length === 0 ? null : dash.join(' '),
  });
  return svg(
    'svg',
    { class: `sample ${className}`, viewBox: '0 0 20 12', width: 20, height: 12, 'aria-hidden': 'true' },
    line,
  );
}
