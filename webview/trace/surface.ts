import { element } from '../dom';
import { t } from '../l10n';
import type { RowUnits, StackRow } from './stackRow';
import type { StepCursor } from './stepCursor';
import type { TimeView } from './timeView';

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Less than this is a click, more a selection. */
const dragThreshold = 6;

/**
 * What lies over the pictures of a stack and takes pointer, wheel and keys. To the keyboard and to screen readers it is a slider
 * over the steps. Hovering moves the cursor and chooses a unit, a click pins it, dragging zooms, a double click shows everything again.
 */
export class Surface {
  readonly selection = element('div', { class: 'selection', hidden: true });
  readonly root = element('div', {
    class: 'surface',
    tabindex: 0,
    role: 'slider',
    'aria-label': t('Time step'),
    'aria-orientation': 'horizontal',
    'aria-keyshortcuts': 'ArrowLeft ArrowRight Home End Space Plus Minus 0 Shift+ArrowLeft ArrowUp ArrowDown Enter',
    'aria-description': keysHelp(),
  });
  /** Whether it is the pointer that moves the cursor now. */
  pointing = false;
  private box: Box = { left: 0, top: 0, width: 1, height: 1 };
  private shown: readonly StackRow[] = [];
  private spots: readonly { readonly top: number; readonly height: number }[] = [];
  private pressed: number | null = null;
  /** The row that keys for units act on: the one that was pointed at last. */
  private active: StackRow | null = null;

  constructor(
    private readonly cursor: StepCursor,
    private readonly time: TimeView,
    private readonly rows: () => readonly StackRow[],
  ) {
    const { root } = this;
    root.addEventListener('pointermove', (event) => this.moved(event));
    root.addEventListener('pointerleave', () => this.hover(null));
    root.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.pressed = event.offsetX;
      root.setPointerCapture(event.pointerId);
    });
    root.addEventListener('pointerup', (event) => this.released(event));
    root.addEventListener('pointercancel', () => this.letGo());
    root.addEventListener('dblclick', () => this.time.reset());
    root.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    root.addEventListener('keydown', (event) => this.key(event));
  }

  /** Takes the place of the pictures: all of them, and where each row has its own, in the same coordinates. */
  place(
    box: Box,
    shown: readonly StackRow[],
    spots: readonly { readonly top: number; readonly height: number }[],
  ): void {
    this.box = box;
    this.shown = shown;
    this.spots = spots;
    for (const part of [this.root, this.selection]) {
      part.style.top = `${box.top}px`;
      part.style.height = `${box.height}px`;
    }
    this.root.style.left = `${box.left}px`;
    this.root.style.width = `${box.width}px`;
  }

  /** Says where the cursor is. */
  say(step: number, count: number, words: string): void {
    this.root.setAttribute('aria-valuemin', '1');
    this.root.setAttribute('aria-valuemax', String(count));
    this.root.setAttribute('aria-valuenow', String(step + 1));
    this.root.setAttribute('aria-valuetext', words);
  }

  private stepAt(x: number): number {
    const { from, to } = this.time.view;
    return Math.floor(from + (x / this.box.width) * (to - from));
  }

  private rowAt(y: number): { readonly row: StackRow; readonly share: number } | null {
    const top = y + this.box.top;
    const at = this.spots.findIndex((spot) => top >= spot.top && top < spot.top + spot.height);
    const [row, spot] = [this.shown[at], this.spots[at]];
    return row === undefined || spot === undefined ? null : { row, share: (top - spot.top) / spot.height };
  }

  private moved(event: PointerEvent): void {
    if (this.pressed !== null && Math.abs(event.offsetX - this.pressed) > dragThreshold) {
      const [low = 0, high = 0] = [this.pressed, event.offsetX].sort((a, b) => a - b);
      this.selection.hidden = false;
      this.selection.style.left = `${this.box.left + low}px`;
      this.selection.style.width = `${high - low}px`;
      return;
    }
    this.pointing = true;
    this.cursor.move(this.stepAt(event.offsetX));
    this.pointing = false;
    this.hover(event.offsetY);
  }

  private letGo(): void {
    this.pressed = null;
    this.selection.hidden = true;
  }

  private released(event: PointerEvent): void {
    const from = this.pressed;
    this.letGo();
    if (from === null) return;
    if (Math.abs(event.offsetX - from) <= dragThreshold) {
      // The second click of a double click takes back what the first one did.
      this.rowAt(event.offsetY)?.row.units?.pin();
      return;
    }
    const [low = 0, high = 0] = [this.stepAt(from), this.stepAt(event.offsetX)].sort((a, b) => a - b);
    this.time.look({ from: low, to: high + 1 });
  }

  private hover(y: number | null): void {
    const under = y === null ? null : this.rowAt(y);
    for (const row of this.rows()) row.hover(row === under?.row ? under.share : null);
    if (under !== null && under.row.units !== null) this.active = under.row;
  }

  /** With Ctrl the wheel zooms time, with Shift (or sideways) it moves along it; over a row that is zoomed it scrolls its units. */
  private wheel(event: WheelEvent): void {
    const { from, to } = this.time.view;
    const units = this.rowAt(event.offsetY)?.row.units ?? null;
    const [x, y] = [event.shiftKey ? event.deltaY || event.deltaX : event.deltaX, event.deltaY];
    if (event.ctrlKey || event.metaKey) {
      this.time.zoom(1.002 ** y, from + (event.offsetX / this.box.width) * (to - from));
    } else if (event.altKey) {
      units?.zoom(1.002 ** y, this.rowAt(event.offsetY)?.share ?? 0.5);
    } else if (event.shiftKey || Math.abs(x) > Math.abs(y)) {
      if (!this.time.pan(x / this.box.width)) return;
    } else if (units === null || !units.scroll(y / 400)) return;
    event.preventDefault();
  }

  private key(event: KeyboardEvent): void {
    const units = this.unitsForKeys();
    const acts: Readonly<Record<string, () => void>> = {
      '+': () => this.time.zoom(0.5, this.cursor.step.value + 0.5),
      '=': () => this.time.zoom(0.5, this.cursor.step.value + 0.5),
      '-': () => this.time.zoom(2, this.cursor.step.value + 0.5),
      '0': () => this.time.reset(),
      ArrowUp: () => units?.move(-1),
      ArrowDown: () => units?.move(1),
      Enter: () => units?.pin(),
    };
    const shifted: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.time.pan(-0.25),
      ArrowRight: () => this.time.pan(0.25),
      ArrowUp: () => this.activate(-1),
      ArrowDown: () => this.activate(1),
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = event.shiftKey && event.key in shifted ? shifted[event.key] : acts[event.key];
    if (act === undefined) return;
    act();
    event.preventDefault();
    event.stopPropagation();
  }

  private rowsWithUnits(): readonly StackRow[] {
    return this.rows().filter(({ units }) => units !== null);
  }

  private unitsForKeys(): RowUnits | null {
    const rows = this.rowsWithUnits();
    const row = rows.find((each) => each === this.active) ?? rows[0] ?? null;
    this.active = row;
    return row?.units ?? null;
  }

  /** The keys go on to the next signal below (1) or above (-1). */
  private activate(by: 1 | -1): void {
    const rows = this.rowsWithUnits();
    const at = this.active === null ? -1 : rows.indexOf(this.active);
    this.active = rows[Math.min(rows.length - 1, Math.max(0, at + by))] ?? null;
    this.active?.units?.take();
  }
}

/** What the keys do, for those who ask. */
export function keysHelp(): string {
  return t(
    'Left and Right step, Space plays, plus and minus zoom, 0 shows all, Shift with Left and Right moves along. Up and Down choose a unit, Shift with Up and Down another signal, Enter pins the unit.',
  );
}
