import { sizeOf } from '../../core/tensor';
import { UnrollError } from '../../protocol/errors';
import type { OutputChoice } from '../../protocol/inspection';

/** Where the steps and the items of the batch lie among the axes of a tensor; null where they do not. All other axes are the units. */
export interface ItemAxes {
  readonly steps: number | null;
  readonly batch: number | null;
}

/** How many steps and items a model was fed. */
export interface FedSizes {
  readonly steps: number;
  readonly batch: number;
}

/** How many units there are of a tensor of `shape`. */
export const unitsOf = (shape: readonly number[], { steps, batch }: ItemAxes) =>
  sizeOf(shape.filter((_, axis) => axis !== steps && axis !== batch));

/** Where one number of one item lies; a step where there are none is passed over. */
export function indexOf(
  shape: readonly number[],
  { steps, batch }: ItemAxes,
  item: number,
  step: number,
  unit: number,
): number {
  let [left, index, stride] = [unit, 0, 1];
  for (const axis of shape.map((_, i) => i).toReversed()) {
    const size = shape[axis] ?? 1;
    if (axis === steps) index += step * stride;
    else if (axis === batch) index += item * stride;
    else {
      index += (left % size) * stride;
      left = Math.floor(left / size);
    }
    stride *= size;
  }
  return index;
}

/** One item of a tensor as [steps][units], whatever the order of its axes. */
export function itemOf(
  shape: readonly number[],
  values: Float32Array,
  axes: ItemAxes,
  item: number,
): { readonly units: number; readonly values: Float32Array } {
  const units = unitsOf(shape, axes);
  const steps = axes.steps === null ? 1 : (shape[axes.steps] ?? 1);
  const chosen = new Float32Array(steps * units);
  const apart = steps > 1 ? indexOf(shape, axes, 0, 1, 0) : 0;
  for (let unit = 0; unit < units; unit++) {
    const first = indexOf(shape, axes, item, 0, unit);
    for (let step = 0; step < steps; step++) chosen[step * units + unit] = values[first + step * apart] ?? Number.NaN;
  }
  return { units, values: chosen };
}

/** Where the steps and the items of an output lie, by its shape: it has a value at each step where its first axes are these two. */
export function outputAxes(shape: readonly number[], { steps, batch }: FedSizes): ItemAxes {
  const [first, second, third] = shape;
  // A recurrent operator's own Y is [steps, directions, batch, hidden], and there may be as many directions as items.
  if (first === steps && third === batch && shape.length === 4) return { steps: 0, batch: 2 };
  if (first === steps && second === batch) return { steps: 0, batch: 1 };
  if (first === batch && second === steps) return { steps: 1, batch: 0 };
  // Of a single sequence the batch may be left out.
  if (shape.length <= 2 && first === steps && batch === 1 && steps > 1) return { steps: 0, batch: null };
  const place = shape.indexOf(batch);
  return { steps: null, batch: place < 0 ? null : place };
}

/** Where a chosen number lies in an output. @throws UnrollError `usage` where there is no such number. */
export function placeOf(shape: readonly number[], choice: OutputChoice, item: number, fed: FedSizes): number {
  const axes = outputAxes(shape, fed);
  const { output, step, unit } = choice;
  const units = unitsOf(shape, axes);
  const whole = (number: number, end: number) => Number.isInteger(number) && number >= 0 && number < end;
  if (!whole(unit, units)) {
    throw new UnrollError(
      'usage',
      'The output "{0}" has no unit {1}: it has {2}, counted from 0.',
      output,
      unit,
      units,
    );
  }
  if (axes.steps === null) {
    if (step === null) return indexOf(shape, axes, item, 0, unit);
    throw new UnrollError('usage', 'The output "{0}" has one value for all steps; choose no step of it.', output);
  }
  if (step === null) throw new UnrollError('usage', 'The output "{0}" has a value at each step; choose one.', output);
  if (whole(step, fed.steps)) return indexOf(shape, axes, item, step, unit);
  throw new UnrollError(
    'usage',
    'The output "{0}" has no step {1}: it has {2}, counted from 0.',
    output,
    step,
    fed.steps,
  );
}
