import { lineSample } from '../controls/icons';
import { element, setText } from '../dom';
import type { LineColour } from '../theme';

export interface Reading {
  readonly label: string;
  readonly sample: { readonly colour: LineColour; readonly dash: readonly number[] } | null;
  readonly value: string;
}

/** The values under a chart's cursor, on a line of its own so that nothing jumps; it also says which line is which. */
export class Readout {
  private readonly list = element('dl', { class: 'readout figures' });
  private readonly spoken = element('p', { class: 'hidden', 'aria-live': 'polite' });
  readonly root = element('div', {}, this.list, this.spoken);
  private readonly where = [element('dt'), element('dd')] as const;
  private cells: readonly { readonly label: HTMLElement; readonly value: HTMLElement }[] = [];
  private shape = '';

  show(where: string, at: string, readings: readonly Reading[]): void {
    const shape = JSON.stringify(readings.map(({ label, sample }) => [label, sample]));
    if (shape !== this.shape) {
      this.shape = shape;
      this.cells = readings.map(({ label, sample }) => ({
        label: element('dt', {}, sample === null ? null : lineSample(sample.colour, sample.dash), label),
        value: element('dd'),
      }));
      const groups = [{ label: this.where[0], value: this.where[1] }, ...this.cells];
      this.list.replaceChildren(...groups.map(({ label, value }) => element('div', {}, label, value)));
    }
    setText(this.where[0], where);
    setText(this.where[1], at);
    for (const [i, { value }] of readings.entries()) {
      const cell = this.cells[i];
      if (cell !== undefined) setText(cell.value, value);
    }
  }

  /** Says what is shown to screen readers: for a cursor moved by keyboard, not for every move of the pointer. */
  speak(): void {
    const groups = [...this.list.children].map((group) =>
      [...group.children].map((part) => part.textContent).join(' '),
    );
    setText(this.spoken, groups.join(', '));
  }
}
