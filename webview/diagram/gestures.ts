import type { Way } from './moves';
import type { Picture } from './picture';

export interface Gestures {
  readonly zoom: (scale: number, point?: { readonly x: number; readonly y: number }) => void;
  readonly fit: () => void;
  /** A box was pressed, or its handle; `twice` with the second of two presses. */
  readonly press: (key: string, how: { readonly handle: boolean; readonly twice: boolean }) => void;
  readonly enter: (key: string) => void;
  readonly space: (key: string) => void;
  readonly escape: (key: string) => void;
  readonly move: (key: string, way: Way) => void;
}

const ways: Readonly<Record<string, Way>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};
/** A pointer that moves less than this between down and up has pressed, not dragged; in pixels. */
const slack = 4;

/** Makes a picture follow pointer, wheel and keys. */
export function listen(picture: Picture, to: Gestures): void {
  const { view } = picture;
  drag(view);
  view.addEventListener(
    'wheel',
    (event) => {
      // A pinch arrives as a turned wheel with the control key. Without it the view scrolls by itself.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const box = view.getBoundingClientRect();
      const point = { x: event.clientX - box.left, y: event.clientY - box.top };
      to.zoom(picture.scale * Math.exp(-Math.max(-40, Math.min(40, event.deltaY * lines)) / 100), point);
    },
    { passive: false },
  );
  view.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const key = target?.closest('.box')?.getAttribute('data-node') ?? picture.sketchedAt(event.clientX, event.clientY);
    if (key === null) return;
    to.press(key, { handle: target?.closest('.handle') != null, twice: event.detail === 2 });
  });
  view.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = picture.focusedKey();
    const way = ways[event.key];
    if (event.key === '+' || event.key === '=') to.zoom(picture.scale * 1.25);
    else if (event.key === '-') to.zoom(picture.scale / 1.25);
    else if (event.key === '0') to.fit();
    else if (key === null) {
      // The arrows scroll the view, which the browser does.
      if (event.key !== 'Enter' || picture.currentKey === null) return;
      picture.focus(picture.currentKey);
    } else if (way !== undefined) to.move(key, way);
    else if (event.key === 'Enter') to.enter(key);
    else if (event.key === ' ') to.space(key);
    else if (event.key === 'Escape') to.escape(key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  view.addEventListener('focusin', () => {
    const key = picture.focusedKey();
    if (key !== null) picture.stay(key);
  });
}

/** Scrolls with the pointer while it is held down. */
function drag(view: HTMLElement): void {
  let from: { readonly x: number; readonly y: number; readonly left: number; readonly top: number } | null = null;
  let dragged = false;
  view.addEventListener('pointerdown', (event) => {
    // Fingers scroll without help, and the scroll bars are not the picture.
    const box = view.getBoundingClientRect();
    const inside = event.clientX - box.left < view.clientWidth && event.clientY - box.top < view.clientHeight;
    if (event.button !== 0 || event.pointerType === 'touch' || !inside) return;
    from = { x: event.clientX, y: event.clientY, left: view.scrollLeft, top: view.scrollTop };
    dragged = false;
  });
  view.addEventListener('pointermove', (event) => {
    if (from === null) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!dragged && Math.hypot(dx, dy) < slack) return;
    if (!dragged) {
      dragged = true;
      view.setPointerCapture(event.pointerId);
      view.classList.add('dragged');
    }
    view.scrollTo(from.left - dx, from.top - dy);
  });
  const end = () => {
    from = null;
    view.classList.remove('dragged');
  };
  view.addEventListener('pointerup', end);
  view.addEventListener('pointercancel', end);
  view.addEventListener(
    'click',
    (event) => {
      if (dragged) event.stopImmediatePropagation();
      dragged = false;
    },
    { capture: true },
  );
}
