import { element, perFrame, setAttribute, svg } from '../dom';
import { t } from '../l10n';
import type { Area, Layout, PlacedBox, PlacedLine } from './layout';
import { type Look, lookOf, nameOf, paintBox, paintLine } from './paint';
import { clip } from './text';
import { boxCount, titleOf } from './words';

/** Texts are left out where they are drawn smaller than this. */
const legible = 0.35;
/** More boxes than this at once are drawn as mere outlines: nobody can read them then. */
const mostShown = 600;
/** Share of the view that is its border on either side. */
const border = 0.2;
/** How far beyond the border of the view is drawn already, in pixels. */
const around = 240;

export const leastScale = 0.02;
export const mostScale = 3;

/** A picture in a view that scrolls and zooms. Only what is in view, and a little around it, is in the document. */
export class Picture {
  readonly view = element('div', { class: 'diagram', tabindex: 0, role: 'group' });
  // Sides are rounded to parts of a pixel; of a long diagram that would otherwise move everything.
  private readonly canvas = svg('svg', { role: 'group', preserveAspectRatio: 'none' });
  private readonly outlines = svg('path', { 'aria-hidden': 'true' });
  private readonly frames = svg('g', { 'aria-hidden': 'true' });
  private readonly lines = svg('g', { 'aria-hidden': 'true' });
  private readonly boxes = svg('g');
  private readonly shownLines = new Map<PlacedLine, SVGElement>();
  private readonly shownBoxes = new Map<string, SVGElement>();
  private layout: Layout = { boxes: [], lines: [], width: 1, height: 1, across: false };
  private look: Look = lookOf();
  private placed = new Map<string, PlacedBox>();
  private chosen: string | null = null;
  /** The box that Tab reaches. */
  private current: string | null = null;
  private found: ReadonlySet<string> = new Set();
  private factor = 1;
  /** The height that the view was given, as CSS writes it. */
  private height = '';
  private sketched = false;
  private readonly refresh = perFrame(() => this.fill());

  /** @param moved is told the open boxes that the middle of the view is in, and whether any is open. */
  constructor(private readonly moved: (around: readonly PlacedBox[], any: boolean) => void) {
    this.canvas.append(this.outlines, this.frames, this.lines, this.boxes);
    this.view.append(this.canvas);
    this.view.addEventListener('scroll', this.refresh, { passive: true });
  }

  get scale(): number {
    return this.factor;
  }

  get size(): { readonly width: number; readonly height: number } {
    return this.layout;
  }

  box(key: string | null): PlacedBox | undefined {
    return key === null ? undefined : this.placed.get(key);
  }

  get all(): readonly PlacedBox[] {
    return this.layout.boxes;
  }

  get flows(): readonly PlacedLine[] {
    return this.layout.lines;
  }

  get across(): boolean {
    return this.layout.across;
  }

  /** Takes another layout, at the scale of the one before. */
  show(layout: Layout, label: string): void {
    this.layout = layout;
    this.placed = new Map(layout.boxes.map((box) => [box.item.key, box]));
    setAttribute(this.canvas, 'viewBox', `0 0 ${layout.width} ${layout.height}`);
    setAttribute(this.canvas, 'aria-label', label);
    setAttribute(
      this.view,
      'aria-label',
      `${label}. ${t('Arrow keys move it, plus and minus zoom, 0 fits it, Enter goes to its boxes.')}`,
    );
    this.repaint();
    this.zoom(this.factor);
    this.fill();
  }

  /** Where on the screen lines enter a box, in pixels; null where it is not drawn. */
  entryOf(key: string | null): { readonly x: number; readonly y: number } | null {
    const box = this.box(key);
    if (box === undefined) return null;
    const own = this.canvas.getBoundingClientRect();
    return { x: own.left + box.entry.x * this.factor, y: own.top + box.entry.y * this.factor };
  }

  /** Scrolls so that lines enter a box where `at` says, as far as there is something to scroll. */
  keep(key: string | null, at: { readonly x: number; readonly y: number } | null): void {
    const now = this.entryOf(key);
    if (now === null || at === null) return;
    const view = this.view.getBoundingClientRect();
    const aside = (at.x - view.left) / view.width;
    // At the border of the view too much of what has opened would be out of it.
    const x = aside < border || aside > 1 - border ? view.left + view.width / 2 : at.x;
    this.view.scrollBy(now.x - x, now.y - at.y);
    this.fill();
  }

  /** Draws all anew, in the colours of the theme. */
  repaint(): void {
    this.look = lookOf();
    const focused = this.focusedKey();
    for (const shown of [...this.shownBoxes.values(), ...this.shownLines.values()]) shown.remove();
    this.shownBoxes.clear();
    this.shownLines.clear();
    this.fill();
    if (focused !== null) this.focus(focused);
  }

  /** @param limit the height of the view, in pixels, beyond which it scrolls; a view that its user has resized is left alone. */
  zoom(scale: number, limit?: number, point?: { readonly x: number; readonly y: number }): void {
    const { view, canvas, layout } = this;
    const next = Math.min(mostScale, Math.max(leastScale, scale));
    const middle = point ?? { x: view.clientWidth / 2, y: view.clientHeight / 2 };
    const fixed = {
      x: (view.scrollLeft + middle.x - this.inset().x) / this.factor,
      y: (view.scrollTop + middle.y - this.inset().y) / this.factor,
    };
    this.factor = next;
    setAttribute(canvas, 'width', layout.width * next);
    setAttribute(canvas, 'height', layout.height * next);
    if (limit !== undefined && view.style.height === this.height) {
      const tall = layout.height * next > limit;
      view.style.setProperty('height', tall ? `${limit}px` : 'auto');
      view.classList.toggle('tall', tall);
      this.height = view.style.height;
    }
    view.scrollTo(fixed.x * next - middle.x + this.inset().x, fixed.y * next - middle.y + this.inset().y);
    this.fill();
  }

  /** Where the picture begins in what scrolls: a small one stands in the middle. */
  private inset(): { readonly x: number; readonly y: number } {
    const view = this.view.getBoundingClientRect();
    const own = this.canvas.getBoundingClientRect();
    return {
      x: Math.max(0, own.left - view.left + this.view.scrollLeft),
      y: Math.max(0, own.top - view.top + this.view.scrollTop),
    };
  }

  /** The area of the picture that is in view. */
  private window(): Area {
    const view = this.view.getBoundingClientRect();
    const own = this.canvas.getBoundingClientRect();
    const margin = around / this.factor;
    return {
      x: (view.left - own.left) / this.factor - margin,
      y: (view.top - own.top) / this.factor - margin,
      width: view.width / this.factor + 2 * margin,
      height: view.height / this.factor + 2 * margin,
    };
  }

  /** Brings what is in view into the document, and takes away what is not. */
  private fill(): void {
    const area = this.window();
    const seen = this.layout.boxes.filter((box) => touches(box, area));
    const sketched = seen.length > mostShown;
    this.sketched = sketched;
    const bare = this.factor < legible;
    this.view.classList.toggle('bare', bare || sketched);
    setAttribute(this.outlines, 'fill', this.look.line);
    setAttribute(this.outlines, 'd', sketched ? seen.map(outline).join('') : '');
    this.frames.replaceChildren(...(sketched ? [] : seen.filter(isOpen).map((box) => this.ground(box))));
    const wanted = new Map((sketched ? [] : seen).map((box) => [box.item.key, box]));
    for (const key of [this.current, this.chosen]) {
      const box = this.box(key);
      if (box !== undefined) wanted.set(box.item.key, box);
    }
    for (const [key, shown] of this.shownBoxes) {
      if (wanted.has(key)) continue;
      shown.remove();
      this.shownBoxes.delete(key);
    }
    for (const [key, box] of wanted) {
      if (this.shownBoxes.has(key)) continue;
      const shown = this.paint(box);
      this.shownBoxes.set(key, shown);
      this.boxes.append(shown);
    }
    const flows = new Set(bare && sketched ? [] : this.layout.lines.filter((line) => touches(line, area)));
    for (const [line, shown] of this.shownLines) {
      if (flows.has(line)) continue;
      shown.remove();
      this.shownLines.delete(line);
    }
    for (const line of flows) {
      if (this.shownLines.has(line)) continue;
      const shown = paintLine(line, this.look);
      this.shownLines.set(line, shown);
      this.lines.append(shown);
    }
    this.mark();
    const open = this.layout.boxes.filter(isOpen);
    const middle = { x: area.x + area.width / 2, y: area.y + area.height / 2, width: 0, height: 0 };
    this.moved(
      open.filter((box) => touches(box, middle)),
      open.length > 0,
    );
  }

  /** The ground of a frame lies under the lines; its title and its border are the box's own. */
  private ground({ x, y, width, height }: PlacedBox): SVGElement {
    return svg('rect', { x: x + 0.5, y: y + 0.5, width, height, rx: 2, fill: this.look.ground });
  }

  private paint(box: PlacedBox): SVGElement {
    const { item } = box;
    const kind = item.node?.kind ?? 'group';
    const extra = item.group === null ? [] : [boxCount(item.holds)];
    const shown = svg(
      'g',
      {
        class: `box ${kind}${isOpen(box) ? ' frame' : ''}`,
        tabindex: -1,
        role: 'button',
        'aria-label': nameOf(box, extra),
        'aria-expanded': item.opens ? String(isOpen(box)) : null,
        'data-node': item.key,
      },
      ...paintBox(box, this.look, this.layout.across),
    );
    const whole = titleOf(item);
    if (whole !== box.title) shown.append(svg('title', {}, clip(whole, 2000)));
    return shown;
  }

  private mark(): void {
    for (const [key, shown] of this.shownBoxes) {
      setAttribute(shown, 'aria-pressed', String(key === this.chosen));
      setAttribute(shown, 'tabindex', key === this.current ? 0 : -1);
      shown.classList.toggle('found', this.found.has(key));
    }
    for (const [line, shown] of this.shownLines) {
      const lit = this.chosen !== null && (line.from === this.chosen || line.to.includes(this.chosen));
      shown.classList.toggle('lit', lit);
    }
  }

  /** Which box is chosen, and which are marked as found. */
  choose(key: string | null, found?: ReadonlySet<string>): void {
    this.chosen = key;
    if (found !== undefined) this.found = found;
    if (key !== null && this.placed.has(key)) this.current = key;
    else if (this.current === null || !this.placed.has(this.current))
      this.current = this.layout.boxes[0]?.item.key ?? null;
    this.fill();
  }

  get currentKey(): string | null {
    return this.current;
  }

  /** The box that has the focus. */
  focusedKey(): string | null {
    const focused = document.activeElement;
    return focused !== null && this.boxes.contains(focused) ? focused.getAttribute('data-node') : null;
  }

  /** Puts the focus on a box and brings it into view. */
  focus(key: string): void {
    if (!this.placed.has(key)) return;
    this.current = key;
    this.reveal(key);
    this.fill();
    this.shownBoxes.get(key)?.focus({ preventScroll: true });
  }

  /** Scrolls as little as brings a box into view; of one that is larger than the view a part is enough. */
  reveal(key: string): void {
    const box = this.box(key);
    if (box === undefined) return;
    const { view, factor } = this;
    const inset = this.inset();
    const room = 24;
    const to = (at: number, from: number, length: number, size: number) => {
      if (length > size && at < from + size && at + length > from) return from;
      if (at - room < from) return at - room;
      if (at + length + room > from + size) return Math.min(at - room, at + length + room - size);
      return from;
    };
    const height = box.frame ? 32 : box.height;
    view.scrollTo(
      to(box.x * factor + inset.x, view.scrollLeft, box.width * factor, view.clientWidth),
      to(box.y * factor + inset.y, view.scrollTop, height * factor, view.clientHeight),
    );
    this.fill();
  }

  /** Scrolls so that a box is in the middle from side to side, and near the top. */
  centre(key: string): void {
    const box = this.box(key);
    if (box === undefined) return;
    const { view, factor } = this;
    const inset = this.inset();
    const left = (box.x + box.width / 2) * factor + inset.x - view.clientWidth / 2;
    view.scrollTo(left, box.y * factor + inset.y - view.clientHeight / 4);
    this.fill();
  }

  /** Scrolls so that the upper left corner of a box, where its title is, is in view. */
  corner(key: string): void {
    const box = this.box(key);
    if (box === undefined) return;
    const inset = this.inset();
    this.view.scrollTo(box.x * this.factor + inset.x - 24, box.y * this.factor + inset.y - 24);
    this.fill();
  }

  /** Makes a box the one that Tab reaches. */
  stay(key: string): void {
    this.current = key;
    this.mark();
  }

  /** Key of the innermost box at a place of the page, where boxes are drawn as mere outlines; else null. */
  sketchedAt(x: number, y: number): string | null {
    if (!this.sketched) return null;
    const own = this.canvas.getBoundingClientRect();
    const point = { x: (x - own.left) / this.factor, y: (y - own.top) / this.factor, width: 0, height: 0 };
    return this.layout.boxes.findLast((box) => touches(box, point))?.item.key ?? null;
  }
}

const isOpen = ({ frame, unrolled }: PlacedBox): boolean => frame || unrolled !== null;

const touches = (a: Area, b: Area): boolean =>
  a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;

const outline = ({ x, y, width, height }: Area): string => `M${x} ${y}h${width}v${height}h${-width}z`;
