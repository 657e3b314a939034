import { type Series, seriesOf } from '../../../../extension/core/analysis/series';
import { RandomStream, streams } from '../../../../extension/core/random';

/** A generator of its own for each test, the same every time. */
export const chance = (index: number) => new RandomStream(7, streams.input, index);

/** Values of a function of step and unit, [steps][units]. */
export function made(steps: number, units: number, value: (step: number, unit: number) => number): Series {
  const values = Float32Array.from({ length: steps * units }, (_, i) => value(Math.floor(i / units), i % units));
  return seriesOf(units, values);
}

/** Normal noise, [steps][units]. */
export function noise(steps: number, units: number, index: number): Series {
  const random = chance(index);
  return made(steps, units, () => random.normal());
}
