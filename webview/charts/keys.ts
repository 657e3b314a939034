/** Moves a chart's cursor by keyboard over `count()` points: Left, Right, Home and End; Escape takes it away. */
export function chartKeys(box: HTMLElement, count: () => number, onMove: (index: number | null) => void): void {
  let at: number | null = null;
  box.addEventListener('keydown', (event) => {
    const last = count() - 1;
    const stride = event.shiftKey ? Math.max(1, Math.round(last / 20)) : 1;
    switch (event.key) {
      case 'ArrowLeft':
        at = Math.max(0, (at ?? last + 1) - stride);
        break;
      case 'ArrowRight':
        at = Math.min(last, (at ?? -1) + stride);
        break;
      case 'Home':
        at = 0;
        break;
      case 'End':
        at = last;
        break;
      case 'Escape':
        at = null;
        break;
      default:
        return;
    }
    event.preventDefault();
    onMove(at);
  });
  box.addEventListener('blur', () => {
    at = null;
    onMove(null);
  });
}
