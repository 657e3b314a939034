import { element, perFrame } from '../dom';
import { onThemeChange } from '../theme';
import type { StackRow } from './stackRow';
import type { StepCursor } from './stepCursor';
import { Surface } from './surface';
import { TimeView } from './timeView';

/** Where things lie, measured once a layout: reading it at every step would lay the page out again and again. */
interface Places {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Height of the first row, the axis. */
  readonly axis: number;
}

const nowhere: Places = { left: 0, top: 0, width: 0, height: 0, axis: 0 };
/** Rows this close to the screen are drawn before they come onto it. */
const margin = '160px 0px';

/**
 * Rows over one time axis with one cursor through all of them. Only rows on screen are drawn, and a step moves the band and the
 * marks over the pictures, never the pictures.
 */
export class Stack {
  readonly root = element('div', { class: 'stack' });
  readonly time = new TimeView(() => {
    this.onZoom(this.time.zoomed);
    this.redraw();
  });
  private readonly band = element('div', { class: 'band' });
  private readonly surface: Surface;
  private readonly seen = new Set<StackRow>();
  private readonly observer = new IntersectionObserver((entries) => this.cameIntoView(entries), { rootMargin: margin });
  private rows: readonly StackRow[] = [];
  private places = nowhere;
  private measured = false;
  readonly redraw = perFrame(() => this.paint());
  private readonly repoint = perFrame(() => this.point());

  constructor(
    private readonly cursor: StepCursor,
    private readonly onZoom: (zoomed: boolean) => void,
    private readonly describe: (step: number) => string,
  ) {
    this.surface = new Surface(cursor, this.time, () => this.rows);
    new ResizeObserver(() => this.relayout()).observe(this.root);
    onThemeChange(() => {
      this.redraw();
      this.repoint();
    });
    cursor.step.watch((step) => {
      // A pointer that moves the cursor is in view; keys and the player may lead out of it.
      if (!this.surface.pointing) this.time.follow(step);
      this.repoint();
    });
  }

  /** Shows other rows. `headings` stand above their rows. `length` is that of the axis, the steps of a forecast with them. */
  show(rows: readonly StackRow[], headings: ReadonlyMap<StackRow, HTMLElement>, length: number): void {
    this.observer.disconnect();
    this.seen.clear();
    for (const row of this.rows) row.dispose();
    this.rows = rows;
    const cells = rows.flatMap((row) => {
      const heading = headings.get(row);
      const own = [row.label, row.canvas, row.side];
      return heading === undefined ? own : [heading, ...own];
    });
    const marks = rows.flatMap(({ mark }) => (mark === null ? [] : [mark]));
    this.root.replaceChildren(...cells, this.band, ...marks, this.surface.selection, this.surface.root);
    for (const { canvas } of rows) this.observer.observe(canvas);
    this.time.begin(length);
    this.onZoom(this.time.zoomed);
    this.relayout();
    this.repoint();
  }

  /** Something changed its height: measures, then draws. */
  readonly relayout = (): void => {
    this.measured = false;
    this.redraw();
    this.repoint();
  };

  /** New numbers of the step are here. */
  readonly refresh = (): void => this.repoint();

  private cameIntoView(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const row = this.rows.find(({ canvas }) => canvas === target);
      if (row === undefined) continue;
      if (isIntersecting) this.seen.add(row);
      else this.seen.delete(row);
    }
    this.redraw();
    this.repoint();
  }

  private measure(): void {
    const shown = this.rows.filter(({ canvas }) => !canvas.hidden);
    const [first] = shown;
    const last = shown.at(-1);
    if (first === undefined || last === undefined || first.canvas.clientWidth === 0) return;
    const top = first.canvas.offsetTop;
    this.places = {
      left: first.canvas.offsetLeft,
      top,
      width: first.canvas.clientWidth,
      height: last.canvas.offsetTop + last.canvas.offsetHeight - top,
      axis: first.canvas.offsetHeight,
    };
    this.measured = true;
    const { left, width, height, axis } = this.places;
    const spots = shown.map(({ canvas }) => ({ top: canvas.offsetTop, height: canvas.offsetHeight }));
    this.surface.place({ left, top, width, height }, shown, spots);
    this.band.style.left = `${left}px`;
    // The axis' labels stay free of the lines.
    this.band.style.top = `${top + axis}px`;
    this.band.style.height = `${Math.max(0, height - axis)}px`;
    for (const [i, { mark }] of shown.entries()) {
      if (mark === null) continue;
      mark.style.left = `${left}px`;
      mark.style.top = `${spots[i]?.top ?? 0}px`;
    }
  }

  private paint(): void {
    if (!this.measured) this.measure();
    if (!this.measured) return;
    for (const row of this.rows) if (this.seen.has(row)) row.draw(this.time.view);
    this.placeBand();
  }

  /** Puts the band where the step is; the pictures under it stay as they are. */
  private placeBand(): void {
    const step = this.cursor.step.value;
    const { from, to } = this.time.view;
    const perStep = this.places.width / (to - from);
    const wide = Math.max(1, Math.round(perStep));
    const { band } = this;
    band.hidden = step + 1 <= from || step >= to;
    band.classList.toggle('thin', wide < 4);
    band.style.width = `${wide}px`;
    band.style.transform = `translateX(${Math.round((step - from) * perStep)}px)`;
  }

  private point(): void {
    const step = this.cursor.step.value;
    this.placeBand();
    this.surface.say(step, this.cursor.count, this.describe(step));
    for (const row of this.rows) row.point(step, this.seen.has(row));
  }
}
