import { mix, parseColour, writeColour } from '../colour';
import { svg } from '../dom';
import { theme } from '../theme';
import type { Drawn, PlacedBox, PlacedLine } from './layout';
import { clip, sizes } from './text';
import { notesOf, titleOf } from './words';

/** The colours of a picture. They are written on its shapes, so that a saved picture looks as it does on the screen. */
export interface Look {
  readonly background: string;
  readonly ink: string;
  readonly muted: string;
  /** Of lines, and of the borders of boxes. */
  readonly line: string;
  readonly recurrent: string;
  /** Of frames, which lie in one another. */
  readonly ground: string;
  readonly family: string;
}

export function lookOf(): Look {
  const { background, ink, muted, lines, family, kind } = theme();
  const [ground, text] = [parseColour(background), parseColour(ink)];
  const plain = kind === 'highContrast' || kind === 'highContrastLight' || ground === null || text === null;
  return {
    background,
    ink,
    muted,
    line: muted,
    recurrent: lines.blue,
    ground: plain ? background : writeColour(mix(ground, text, 0.035)),
    family,
  };
}

function text(content: string, x: number, y: number, style: 'title' | 'note', look: Look, anchor = 'middle') {
  return svg(
    'text',
    {
      x,
      y,
      fill: style === 'title' ? look.ink : look.muted,
      'font-size': sizes[style],
      'font-weight': style === 'title' ? 600 : 400,
      'font-family': look.family,
      'text-anchor': anchor,
      'dominant-baseline': 'central',
    },
    content,
  );
}

/** What a screen reader says of a box. */
export function nameOf({ item }: PlacedBox, extra: readonly string[]): string {
  const notes = item.node === null ? extra : [...notesOf(item.node), ...extra];
  return clip([titleOf(item), ...notes].join(', '), 400);
}

/** Draws a box: its shape, its title and what stands under it. */
export function paintBox(box: PlacedBox, look: Look, across: boolean): readonly SVGElement[] {
  const { item, x, y, width, height, title, notes, frame, unrolled } = box;
  const kind = item.node?.kind ?? 'operator';
  const border = kind === 'recurrent' ? look.recurrent : look.line;
  const open = frame || unrolled !== null;
  const shapes: SVGElement[] = [];
  if (item.group?.kind === 'repeat' && !open) {
    const behind = { x: x + 5.5, y: y + 5.5, width, height, rx: 2, fill: look.background, stroke: border };
    shapes.push(svg('rect', behind));
  }
  const rx = kind === 'input' || kind === 'output' ? Math.min(12, height / 2) : 2;
  // The ground of a frame lies under the lines that are in it.
  const fill = open ? 'none' : look.background;
  shapes.push(svg('rect', { class: 'shape', x: x + 0.5, y: y + 0.5, width, height, rx, fill, stroke: border }));
  if (kind === 'recurrent' && !open) shapes.push(...loop(box, look, across));
  if (open) {
    const heading = text(title, box.titleAt, y + 17, 'title', look, 'start');
    // Lines that enter the frame pass behind its title.
    for (const [name, value] of [
      ['paint-order', 'stroke'],
      ['stroke', look.ground],
      ['stroke-width', '6'],
    ] as const) {
      heading.setAttribute(name, value);
    }
    shapes.push(heading);
  }
  if (!open) {
    const centre = x + (width - (item.opens ? 16 : 0)) / 2 + (item.opens ? 16 : 0);
    const top = y + height / 2 - notes.length * 8;
    shapes.push(text(title, centre, top, 'title', look));
    shapes.push(...notes.map((note, i) => text(note, centre, top + 16 * (i + 1), 'note', look)));
  }
  if (item.opens) shapes.push(handle(x, open ? y + 17 : y + height / 2, open, look));
  if (unrolled !== null) shapes.push(...paintDrawn(unrolled, look));
  return shapes;
}

/** The sign on which a box opens and closes. */
function handle(x: number, y: number, open: boolean, look: Look): SVGElement {
  const signs = open ? `M${x + 9} ${y}h6` : `M${x + 9} ${y}h6M${x + 12} ${y - 3}v6`;
  return svg(
    'g',
    { class: 'handle' },
    svg('rect', { x: x + 2, y: y - 12, width: 22, height: 24, fill: 'transparent' }),
    svg('rect', { x: x + 6.5, y: y - 5.5, width: 11, height: 11, rx: 2, fill: look.background, stroke: look.muted }),
    svg('path', { d: signs, stroke: look.ink, fill: 'none' }),
  );
}

/** The arrow from a recurrent box back to itself. */
function loop({ x, y, width, height }: PlacedBox, look: Look, across: boolean): readonly SVGElement[] {
  const centre = x + width / 2;
  const middle = y + height / 2;
  const line = across
    ? `M${centre + 16} ${y} v-4 a6 6 0 0 0 -6 -6 h-20 a6 6 0 0 0 -6 6 v4`
    : `M${x + width} ${middle + 10} h4 a6 6 0 0 0 6 -6 v-8 a6 6 0 0 0 -6 -6 h-4`;
  const head = across ? `M${centre - 16} ${y}l-3.5 -7h7z` : `M${x + width} ${middle - 10}l7 -3.5v7z`;
  return [
    svg('path', { d: line, fill: 'none', stroke: look.recurrent }),
    svg('path', { d: head, fill: look.recurrent }),
  ];
}

function paintDrawn({ rects, texts, line, arrows }: Drawn, look: Look): readonly SVGElement[] {
  return [
    svg('path', { d: line, fill: 'none', stroke: look.line }),
    svg('path', { d: arrows, fill: look.line }),
    ...rects.map((rect) => svg('rect', { ...rect, rx: 2, fill: look.background, stroke: look.recurrent })),
    ...texts.map(({ x, y, text: content, style }) => text(content, x, y, style, look)),
  ];
}

/** Draws the line of a flow, and what flows written beside it. */
export function paintLine({ line, arrows, hints, label }: PlacedLine, look: Look): SVGElement {
  return svg(
    'g',
    { class: 'edge' },
    line === '' ? null : svg('path', { class: 'stroke', d: line, fill: 'none', stroke: look.line }),
    hints === ''
      ? null
      : svg('path', { class: 'stroke', d: hints, fill: 'none', stroke: look.line, 'stroke-dasharray': '2 3' }),
    arrows === '' ? null : svg('path', { class: 'head', d: arrows, fill: look.line }),
    label === null ? null : text(label.text, label.x, label.y, 'note', look, 'start'),
  );
}
