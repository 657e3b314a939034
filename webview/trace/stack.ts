import { element, perFrame } from '../dom';
import { t } from '../l10n';
import { onThemeChange } from '../theme';
import type { View } from './heatmap';
import type { StepCursor } from './stepCursor';

/** One picture over the shared time axis, with what names it on its left and what it says at the cursor on its right. */
export interface StackRow {
  readonly label: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly side: HTMLElement;
  draw(view: View): void;
  /** Follows the cursor. */
  point(step: number): void;
  /** The pointer is over this row, `share` of its height from the top; null when it left. */
  hover(share: number | null): void;
}

const dragThreshold = 6;

/**
 * Rows over one time axis with one cursor through all of them. The surface over the pictures is a slider to the keyboard and to
 * screen readers: hovering moves the cursor, dragging zooms, a double click shows everything again.
 */
export class Stack {
  readonly root = element('div', { class: 'stack' });
  private readonly band = element('div', { class: 'band' });
  private readonly selection = element('div', { class: 'selection', hidden: true });
  private readonly surface = element('div', {
    class: 'surface',
    tabindex: 0,
    role: 'slider',
    'aria-label': t('Time step'),
    'aria-orientation': 'horizontal',
  });
  private rows: readonly StackRow[] = [];
  private view: View = { from: 0, to: 1 };
  /** How many steps the axis has, those of the forecast with them. */
  private length = 1;
  private pressed: number | null = null;
  private readonly redraw = perFrame(() => this.paint());

  constructor(
    private readonly cursor: StepCursor,
    private readonly onZoom: (zoomed: boolean) => void,
    private readonly describe: (step: number) => string,
  ) {
    new ResizeObserver(this.redraw).observe(this.root);
    onThemeChange(this.redraw);
    cursor.step.watch(() => this.point());
    this.surface.addEventListener('pointermove', (event) => this.moved(event));
    this.surface.addEventListener('pointerleave', () => this.hover(null));
    this.surface.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.pressed = event.offsetX;
      this.surface.setPointerCapture(event.pointerId);
    });
    this.surface.addEventListener('pointerup', (event) => this.released(event));
    this.surface.addEventListener('dblclick', () => this.reset());
    this.surface.addEventListener('keydown', (event) => {
      if (event.key === '+' || event.key === '=') this.zoom(0.5);
      else if (event.key === '-') this.zoom(2);
      else if (event.key === '0') this.reset();
    });
  }

  /** Shows other rows. `headings` stand above the row of their index. */
  show(rows: readonly StackRow[], headings: ReadonlyMap<StackRow, HTMLElement>, length: number): void {
    this.rows = rows;
    this.length = length;
    const cells = rows.flatMap((row) => {
      const heading = headings.get(row);
      const own = [row.label, row.canvas, row.side];
      return heading === undefined ? own : [heading, ...own];
    });
    this.root.replaceChildren(...cells, this.band, this.selection, this.surface);
    this.reset();
    this.point();
  }

  reset(): void {
    this.look({ from: 0, to: this.length });
  }

  private zoom(factor: number): void {
    const at = this.cursor.step.value + 0.5;
    const from = at - (at - this.view.from) * factor;
    this.look({ from, to: from + (this.view.to - this.view.from) * factor });
  }

  private look(view: View): void {
    const span = Math.min(this.length, Math.max(2, view.to - view.from));
    const from = Math.min(this.length - span, Math.max(0, view.from));
    this.view = { from, to: from + span };
    this.onZoom(span < this.length);
    this.redraw();
  }

  private stepAt(x: number): number {
    const share = x / Math.max(1, this.surface.clientWidth);
    return Math.floor(this.view.from + share * (this.view.to - this.view.from));
  }

  private moved(event: PointerEvent): void {
    if (this.pressed !== null && Math.abs(event.offsetX - this.pressed) > dragThreshold) {
      this.selection.hidden = false;
      const [low, high] = [this.pressed, event.offsetX].sort((a, b) => a - b);
      this.selection.style.left = `${this.surface.offsetLeft + (low ?? 0)}px`;
      this.selection.style.width = `${(high ?? 0) - (low ?? 0)}px`;
      return;
    }
    this.cursor.move(this.stepAt(event.offsetX));
    this.hover(event.offsetY);
  }

  private released(event: PointerEvent): void {
    const from = this.pressed;
    this.pressed = null;
    this.selection.hidden = true;
    if (from === null || Math.abs(event.offsetX - from) <= dragThreshold) return;
    const [low, high] = [this.stepAt(from), this.stepAt(event.offsetX)].sort((a, b) => a - b);
    this.look({ from: low ?? 0, to: (high ?? 0) + 1 });
  }

  private hover(y: number | null): void {
    const top = y === null ? Number.NaN : y + this.surface.offsetTop;
    for (const row of this.rows) {
      const share = (top - row.canvas.offsetTop) / Math.max(1, row.canvas.offsetHeight);
      row.hover(share >= 0 && share < 1 ? share : null);
    }
  }

  private paint(): void {
    const [first] = this.rows;
    const last = this.rows.at(-1);
    if (first === undefined || last === undefined || first.canvas.clientWidth === 0) return;
    const { surface, selection } = this;
    surface.style.left = `${first.canvas.offsetLeft}px`;
    surface.style.width = `${first.canvas.clientWidth}px`;
    surface.style.top = `${first.canvas.offsetTop}px`;
    surface.style.height = `${last.canvas.offsetTop + last.canvas.offsetHeight - first.canvas.offsetTop}px`;
    selection.style.top = surface.style.top;
    selection.style.height = surface.style.height;
    for (const row of this.rows) row.draw(this.view);
    this.point();
  }

  private point(): void {
    const step = this.cursor.step.value;
    const { surface, band } = this;
    const perStep = surface.clientWidth / (this.view.to - this.view.from);
    const wide = Math.max(1, Math.round(perStep));
    const left = Math.round((step - this.view.from) * perStep);
    band.hidden = step + 1 <= this.view.from || step >= this.view.to;
    band.classList.toggle('thin', wide < 4);
    band.style.left = `${surface.offsetLeft + left}px`;
    band.style.width = `${wide}px`;
    // The first row is the axis: its labels stay free of the lines.
    const axis = this.rows[0]?.canvas.offsetHeight ?? 0;
    band.style.top = `${surface.offsetTop + axis}px`;
    band.style.height = `${Math.max(0, surface.offsetHeight - axis)}px`;
    surface.setAttribute('aria-valuemin', '1');
    surface.setAttribute('aria-valuemax', String(this.cursor.count));
    surface.setAttribute('aria-valuenow', String(step + 1));
    surface.setAttribute('aria-valuetext', this.describe(step));
    for (const row of this.rows) row.point(step);
  }
}
