import type { SignalRef, TraceVersion, UnitOrder } from '../../extension/protocol/inspection';
import { Observable } from '../observable';
import type { LineColour } from '../theme';
import { refKey } from './source';

/** A unit of a signal, by its true number from 0, wherever it stands in a picture. */
export interface ChosenUnit {
  readonly signal: SignalRef;
  readonly unit: number;
}

/** A unit that stays in view as a line; `style` is which of the line styles it has. */
export interface Pin extends ChosenUnit {
  readonly style: number;
}

/** Lines that can be told apart without their colour too: four hues by two ways of drawing. */
export const pinStyles: readonly { readonly colour: LineColour; readonly dash: readonly number[] }[] = (
  [[], [4, 3]] as const
).flatMap((dash) => (['orange', 'blue', 'green', 'purple'] as const).map((colour) => ({ colour, dash })));

/** Of one signal, at most. */
export const mostPins = pinStyles.length;

/** What the views of a trace share, whatever trace is shown. */
export class ViewState {
  readonly order = new Observable<UnitOrder>('index');
  readonly version = new Observable<TraceVersion>('edited');
  /** The unit that the pointer or the keys are on; the signals of a layer share it. */
  readonly chosen = new Observable<ChosenUnit | null>(null);
  readonly pins = new Observable<readonly Pin[]>([]);

  /** The unit of a signal that is chosen, there or in another signal of its layer. */
  chosenOf(signal: SignalRef): number | null {
    const chosen = this.chosen.value;
    return chosen !== null && groupKey(chosen.signal) === groupKey(signal) ? chosen.unit : null;
  }

  pinsOf(signal: SignalRef): readonly Pin[] {
    return this.pins.value.filter((pin) => refKey(pin.signal) === refKey(signal));
  }

  /** Pins a unit, or takes its pin away. Answers whether that was possible: a signal has {@link mostPins} at most. */
  togglePin(signal: SignalRef, unit: number): boolean {
    const own = this.pinsOf(signal);
    const pinned = own.find((pin) => pin.unit === unit);
    if (pinned !== undefined) {
      this.pins.set(this.pins.value.filter((pin) => pin !== pinned));
      return true;
    }
    const style = pinStyles.findIndex((_, i) => own.every((pin) => pin.style !== i));
    if (style < 0) return false;
    this.pins.set([...this.pins.value, { signal, unit, style }]);
    return true;
  }

  /** Forgets units that a trace does not have. */
  keepWithin(units: (signal: SignalRef) => number): void {
    const there = ({ signal, unit }: ChosenUnit) => unit < units(signal);
    if (!this.pins.value.every(there)) this.pins.set(this.pins.value.filter(there));
    if (this.chosen.value !== null && !there(this.chosen.value)) this.chosen.set(null);
  }
}

/** What shares its units: the signals of a layer, else the signal alone. */
const groupKey = (signal: SignalRef): string => (signal.of === 'layer' ? `layer ${signal.layer}` : refKey(signal));
