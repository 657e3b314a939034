import type { LayerOutline } from '../../extension/protocol/inspection';
import { Observable } from '../observable';
import type { StepValues } from './source';
import type { ChosenUnit, ViewState } from './viewState';

/** One unit of one recurrent layer. */
export interface LayerUnit {
  readonly layer: number;
  readonly unit: number;
}

/** The signal of a layer that stands for it: its hidden state, or what it carries on instead. */
export function outputOf({ signals, states }: LayerOutline): number {
  const output = states.includes('h') ? 'h' : states[0];
  return Math.max(
    0,
    signals.findIndex(({ name }) => name === output),
  );
}

/** The unit whose state is largest. */
export function mostActive(layer: LayerOutline, index: number, values: StepValues): number {
  const all = values.of({ of: 'layer', layer: index, signal: outputOf(layer) });
  let most = 0;
  for (let unit = 1; unit < all.length; unit++) {
    if (Math.abs(all[unit] ?? 0) > Math.abs(all[most] ?? 0)) most = unit;
  }
  return most;
}

const areSame = (a: LayerUnit | null, b: LayerUnit | null): boolean => a?.layer === b?.layer && a?.unit === b?.unit;

/**
 * The unit that is taken apart: the one that is chosen in the pictures, for as long as it follows them; a unit that was pinned
 * there, or typed, is kept.
 */
export class UnitFocus {
  readonly current = new Observable<LayerUnit | null>(null);
  readonly follows = new Observable(true);
  private pinned: readonly ChosenUnit[];

  constructor(private readonly state: ViewState) {
    this.pinned = state.pins.value;
    state.chosen.watch((chosen) => {
      if (this.follows.value) this.take(chosen);
    });
    state.pins.watch((pins) => {
      const added = pins.find((pin) => !this.pinned.includes(pin));
      this.pinned = pins;
      if (added?.signal.of !== 'layer') return;
      this.follows.set(false);
      this.take(added);
    });
  }

  /** Looks at a unit and stays there; the pictures mark it in `signal` of its layer. */
  hold(unit: LayerUnit, signal: number): void {
    this.follows.set(false);
    this.set(unit);
    this.state.chosen.set({ signal: { of: 'layer', layer: unit.layer, signal }, unit: unit.unit });
  }

  /** Goes along with the pictures again, or not. */
  follow(follows: boolean): void {
    this.follows.set(follows);
    if (follows) this.take(this.state.chosen.value);
  }

  /** Looks at a unit where none is looked at yet. */
  offer(unit: LayerUnit): void {
    if (this.current.value === null) this.set(unit);
  }

  /** Forgets a unit that there is not. */
  keepWithin(hidden: (layer: number) => number): void {
    const unit = this.current.value;
    if (unit !== null && unit.unit >= hidden(unit.layer)) this.current.set(null);
  }

  private take(chosen: ChosenUnit | null): void {
    if (chosen?.signal.of === 'layer') this.set({ layer: chosen.signal.layer, unit: chosen.unit });
  }

  private set(unit: LayerUnit): void {
    if (!areSame(unit, this.current.value)) this.current.set(unit);
  }
}
