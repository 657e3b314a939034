import type { View } from './heatmap';

/** One picture over the shared time axis, with what names it on its left and what it says at the cursor on its right. */
export interface StackRow {
  readonly label: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  readonly side: HTMLElement;
  /** A mark over the picture that follows the cursor; placed by the stack at the row's corner, moved by the row. */
  readonly mark: HTMLElement | null;
  /** The units in the row, where they can be chosen; else null. */
  readonly units: RowUnits | null;
  /** Draws what is in view; called only while the row is on screen. */
  draw(view: View): void;
  /** Follows the cursor; what is off screen is told in text alone. */
  point(step: number, seen: boolean): void;
  /** The pointer is over this row, `share` of its height from the top; null when it left. */
  hover(share: number | null): void;
  /** Lets go of what it watches. */
  dispose(): void;
}

/** What keys, wheel and clicks do to the units of a row. */
export interface RowUnits {
  /** Chooses the unit below (1) or above (-1) the chosen one. */
  move(by: 1 | -1): void;
  /** The keys are on this row now: the unit that is chosen is chosen in it. */
  take(): void;
  /** Pins the chosen unit, or takes its pin away. */
  pin(): void;
  /** Moves the ranks in view by a share of what is in view; answers whether they moved. */
  scroll(share: number): boolean;
  /** Shows fewer (below 1) or more (above 1) ranks, around `at`, a share of the height. */
  zoom(factor: number, at: number): void;
}

/** The surface and the pages of rows know nothing of units by themselves. */
export const plainRow = {
  mark: null,
  units: null,
  hover: () => undefined,
  dispose: () => undefined,
} as const;
