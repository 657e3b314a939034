import type { LayerOutline, SignalOutline, TraceVersion } from '../../extension/protocol/inspection';
import { bandsName } from '../../extension/protocol/trace';
import { t } from '../l10n';
import { number } from '../numbers';
import type { Scheme } from '../palettes';

/** How a signal's values become colours and lengths. */
export interface Scale {
  readonly scheme: Scheme;
  readonly low: number;
  readonly high: number;
}

/** The smallest and the largest finite value; 0 and 0 where there is none. */
export function extent(...lists: readonly ArrayLike<number>[]): { readonly min: number; readonly max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const values of lists) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? Number.NaN;
      if (value < min && value !== Number.NEGATIVE_INFINITY) min = value;
      if (value > max && value !== Number.POSITIVE_INFINITY) max = value;
    }
  }
  return min <= max ? { min, max } : { min: 0, max: 0 };
}

/** The scale of a signal over its whole trace, so that a colour means the same at every step. */
export function scaleOf({ range, min, max }: SignalOutline, version: TraceVersion = 'edited'): Scale {
  if (version === 'difference') {
    const most = range === 'gate' ? 1 : max - min || 1;
    return { scheme: 'diverging', low: -most, high: most };
  }
  if (range === 'gate') return { scheme: 'sequential', low: 0, high: 1 };
  if (range === 'value') return { scheme: 'sequential', low: min, high: max > min ? max : min + 1 };
  const size = Math.max(Math.abs(min), Math.abs(max)) || 1;
  return { scheme: 'diverging', low: -size, high: size };
}

/**
 * The scale of differences, whose size nothing says beforehand: symmetric, as far as the largest of those that are there, rounded up
 * to a power of two so that it changes rarely; null where there is none but zero.
 */
export function scaleOfDifferences(lists: readonly Float32Array[]): Scale | null {
  let most = 0;
  for (const values of lists) {
    for (const value of values) if (Math.abs(value) > most && Number.isFinite(value)) most = Math.abs(value);
  }
  if (most === 0) return null;
  const reach = 2 ** Math.ceil(Math.log2(most));
  return { scheme: 'diverging', low: -reach, high: reach };
}

/** Where `value` lies between the ends of a scale, from 0 to 1. */
export function place(scale: Scale, value: number): number {
  return Math.min(1, Math.max(0, (value - scale.low) / (scale.high - scale.low)));
}

/** The mean of the finite ones; NaN where there are none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? Number.NaN : sum / count;
}

/** What a cell's signal is in words; empty for a name that is nobody's convention. */
export function meaning(name: string): string {
  switch (name) {
    case 'h':
      return t('hidden state');
    case 'c':
      return t('cell state');
    case 'i':
      return t('input gate');
    case 'f':
      return t('forget gate');
    case 'o':
      return t('output gate');
    case 'z':
      return t('update gate');
    case 'r':
      return t('reset gate');
    case 'g':
    case 'n':
      return t('candidate');
    case bandsName:
      return t('log-mel energies');
    default:
      return '';
  }
}

/** What one of a signal's units is called. */
export function unitName(signal: string, unit: number): string {
  return signal === bandsName ? t('band {0}', unit + 1) : t('unit {0}', unit + 1);
}

/** How wide a layer is. */
export function unitCount(count: number): string {
  return count === 1 ? t('1 unit') : t('{0} units', count);
}

/** How many parameters something has, for places that have no sentence; empty for none. */
export const parameterCount = (count: number): string => (count === 0 ? '' : t('{0} parameters', number(count)));

type Titled = Pick<LayerOutline, 'node' | 'op' | 'direction'>;

/** Whether a layer is the other direction of the one before it: one operator that reads both ways is one layer. */
const isOtherWay = (layer: Titled | undefined, before: Titled | undefined): boolean =>
  layer !== undefined && before?.node === layer.node && before.direction === 'forward' && layer.direction === 'reverse';

/** A layer's heading: which it is, what it is, and which way it reads where that is not a matter of course. */
export function layerTitle(layers: readonly Titled[], index: number): string {
  const layer = layers[index];
  if (layer === undefined) return '';
  const firsts = layers.filter((each, i) => i <= index && !isOtherWay(each, layers[i - 1]));
  const reads = layer.direction === 'reverse' || isOtherWay(layers[index + 1], layer) ? layer.direction : null;
  return layerName(firsts.length, layer.op, reads);
}

/** What a layer is called. @param place from 1. @param reads null where it is a matter of course. */
export function layerName(place: number, op: string, reads: 'forward' | 'reverse' | null): string {
  const name = t('Layer {0}: {1}', place, op);
  if (reads === null) return name;
  return reads === 'reverse' ? t('{0}, reading backwards', name) : t('{0}, reading forwards', name);
}
