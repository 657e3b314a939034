import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { quantile } from '../judging/quantile';

/**
 * How one column is scaled, as plain data for the model's metadata: `scaled = (t(x) - offset) / scale`, where t(x) is x for
 * `none`, and for `difference`, whose x are changes already (`changes.ts`), and ln(max(x, floor)) for `log`. `floor` is positive for `log` and null otherwise; it lies below everything that the
 * training part holds, so that a later value at or under zero has a finite place, and the inverse is exact above it.
 */
export interface ScalerDescription {
  readonly column: string;
  readonly transform: Experiment['data']['transform'];
  readonly floor: number | null;
  readonly offset: number;
  readonly scale: number;
}

/** The floor of a log is this fraction of the smallest value of the training part. */
const floorFraction = 0.1;

/**
 * Fits a scaler to the training part of a column, leaving out what is missing (NaN).
 * @throws UnrollError `experiment` where a log is asked of values that are not all positive.
 */
export function fitScaler(
  column: string,
  training: Float64Array,
  transform: Experiment['data']['transform'],
  scaler: Experiment['data']['scaler'],
): ScalerDescription {
  if (training.some(Number.isNaN))
    return fitScaler(
      column,
      training.filter((value) => !Number.isNaN(value)),
      transform,
      scaler,
    );
  let floor: number | null = null;
  if (transform === 'log') {
    let smallest = Number.POSITIVE_INFINITY;
    for (const value of training) smallest = Math.min(smallest, value);
    if (!(smallest > 0)) {
      throw new UnrollError(
        'experiment',
        'Column {0} has values at or below zero (the smallest is {1}), which a log cannot take; set data.transform to "none".',
        column,
        smallest,
      );
    }
    floor = smallest * floorFraction;
  }
  const identity = { column, transform, floor, offset: 0, scale: 1 };
  if (scaler === 'none' || training.length === 0) return identity;
  const { offset, spread } = centres[scaler](training, identity);
  // A column that is constant in the training part carries nothing to divide by.
  return { ...identity, offset, scale: spread > 0 && Number.isFinite(spread) ? spread : 1 };
}

/** From the column's own units to scaled ones; what is missing (NaN), where nothing was put in its place, is 0. */
export function scaleValue(scaler: ScalerDescription, value: number): number {
  if (Number.isNaN(value)) return 0;
  const transformed = scaler.floor === null ? value : Math.log(Math.max(value, scaler.floor));
  return (transformed - scaler.offset) / scaler.scale;
}

/** A whole column from its own units to scaled ones, computed in 64 bits and rounded to 32 once. */
export function scaleColumn(values: Float64Array, scaler: ScalerDescription): Float32Array {
  const scaled = new Float32Array(values.length);
  for (let row = 0; row < values.length; row++) scaled[row] = scaleValue(scaler, values[row] ?? Number.NaN);
  return scaled;
}

/** From scaled units to the column's own; the inverse of {@link scaleValue}. */
export function unscaleValue(scaler: ScalerDescription, scaled: number): number {
  const transformed = scaled * scaler.scale + scaler.offset;
  return scaler.transform === 'log' ? Math.exp(transformed) : transformed;
}

/** Mean and population standard deviation of scaled values, in two passes so that large levels lose no digits. */
function meanAndDeviation(values: Float64Array, scaler: ScalerDescription): { offset: number; spread: number } {
  let sum = 0;
  for (const value of values) sum += scaleValue(scaler, value);
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (scaleValue(scaler, value) - mean) ** 2;
  return { offset: mean, spread: Math.sqrt(squares / values.length) };
}

/** Median and interquartile range; where half of the values are one, the deviation, so that the rest is not blown up. */
function medianAndQuartiles(values: Float64Array, scaler: ScalerDescription): { offset: number; spread: number } {
  const sorted = values.map((value) => scaleValue(scaler, value)).sort();
  const offset = quantile(sorted, 0.5);
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  return { offset, spread: spread > 0 ? spread : meanAndDeviation(values, scaler).spread };
}

const centres = { standard: meanAndDeviation, robust: medianAndQuartiles, minMax: range } as const;

function range(values: Float64Array, scaler: ScalerDescription): { offset: number; spread: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    const scaled = scaleValue(scaler, value);
    low = Math.min(low, scaled);
    high = Math.max(high, scaled);
  }
  return { offset: low, spread: high - low };
}
