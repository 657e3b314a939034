import type { View } from './heatmap';

const fewestSteps = 2;

/** Which stretch of the time axis is in view, kept within its length. */
export class TimeView {
  private shown: View = { from: 0, to: 1 };
  private length = 1;

  /** @param changed is told of every change. */
  constructor(private readonly changed: () => void) {}

  get view(): View {
    return this.shown;
  }

  get zoomed(): boolean {
    return this.shown.to - this.shown.from < this.length;
  }

  /** An axis of another length is shown as a whole; one of the same length stays as it is. */
  begin(length: number): void {
    if (length === this.length) return;
    this.length = length;
    this.reset();
  }

  reset(): void {
    this.look({ from: 0, to: this.length });
  }

  look(view: View): void {
    const span = Math.min(this.length, Math.max(fewestSteps, view.to - view.from));
    const from = Math.min(this.length - span, Math.max(0, view.from));
    if (from === this.shown.from && from + span === this.shown.to) return;
    this.shown = { from, to: from + span };
    this.changed();
  }

  /** Shows less (below 1) or more (above 1) of the axis, and keeps what lies at `at` in its place. */
  zoom(factor: number, at: number): void {
    const { from, to } = this.shown;
    const span = Math.min(this.length, Math.max(fewestSteps, (to - from) * factor));
    const share = (at - from) / (to - from);
    const start = at - share * span;
    this.look({ from: start, to: start + span });
  }

  /** Moves by a share of what is in view; answers whether there was something to move to. */
  pan(share: number): boolean {
    const { from, to } = this.shown;
    this.look({ from: from + share * (to - from), to: to + share * (to - from) });
    return this.shown.from !== from;
  }

  /** Turns the page when a step has left the view, so that what follows it is seen as well. */
  follow(step: number): void {
    const { from, to } = this.shown;
    if (step >= from && step + 1 <= to) return;
    const span = to - from;
    const margin = span / 10;
    if (step + 1 > to) this.look({ from: step - margin, to: step - margin + span });
    else this.look({ from: step + 1 + margin - span, to: step + 1 + margin });
  }
}
