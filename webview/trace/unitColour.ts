import { t } from '../l10n';
import { colourNames, inksOn, paletteSize } from '../palettes';
import type { View } from './heatmap';
import { type Region, regionKey } from './regions';
import { place, scaleOf } from './signals';
import type { PlacedLine, TraceSource } from './source';
import type { ChosenUnit, ViewState } from './viewState';

/** What a unit's value makes of a step: a colour, and the one of black and white that is read on it. */
export interface StepColour {
  readonly ground: string;
  readonly ink: string;
}

/** What is read, coloured by one unit. */
export interface Colouring {
  /** Which unit that is, in words. */
  readonly said: string;
  /** Of a block of a line over the same steps in the same resolution; null where the unit has no value. */
  readonly byBlock: (region: Region) => (block: number) => string | null;
  /** Of a step; null where the unit has no value, or the step is not in view. */
  readonly atStep: (step: number) => StepColour | null;
}

/** The unit that colours what is read: the chosen one of a layer, else the one that was pinned last. */
export function colouringUnit(state: ViewState): ChosenUnit | null {
  const chosen = state.chosen.value;
  if (chosen !== null && chosen.signal.of === 'layer') return chosen;
  return state.pins.value.findLast((pin) => pin.signal.of === 'layer') ?? null;
}

/** The colours of the steps in view for a picture `width` device pixels wide; null where no unit is chosen. `asker` is who asks. */
export function colouringOf(
  source: TraceSource,
  state: ViewState,
  view: View,
  width: number,
  asker: string,
): Colouring | null {
  const unit = colouringUnit(state);
  const outline = unit === null ? null : source.signal(unit.signal);
  if (unit === null || outline === null || unit.unit >= outline.units) return null;
  const version = state.version.value;
  const pieces = source.lines(unit.signal, version, unit.unit, view, width, `${asker}, coloured`);
  const scale = scaleOf(outline, version);
  const [grounds, inks] = [colourNames(scale.scheme), inksOn(scale.scheme)];
  const colour = (value: number): StepColour | null => {
    if (!Number.isFinite(value)) return null;
    const at = shade(place(scale, value));
    return { ground: grounds[at] ?? '', ink: inks[at] ?? '' };
  };
  return {
    said: t('coloured by {0}, unit {1}', outline.name, unit.unit + 1),
    byBlock: (region) => {
      const piece = pieces.find((each) => regionKey(each.region) === regionKey(region));
      return (block) => colour(middle(piece, block))?.ground ?? null;
    },
    atStep: (step) => {
      const piece = pieces.find(({ region }) => step >= region.from && step < region.to);
      if (piece === undefined) return null;
      const { from, to } = piece.region;
      return colour(middle(piece, Math.floor(((step - from) * piece.line.columns) / (to - from))));
    },
  };
}

/** Few enough shades that neighbouring pieces of a line are often drawn as one. */
const shades = 64;
const shade = (share: number): number =>
  Math.round((Math.round(share * (shades - 1)) / (shades - 1)) * (paletteSize - 1));

function middle(piece: PlacedLine | undefined, block: number): number {
  return ((piece?.line.low[block] ?? Number.NaN) + (piece?.line.high[block] ?? Number.NaN)) / 2;
}
