import { isFiniteNumber, numberAt, type Series, stepsOf } from './series';

/** So many steps tell well enough how alike two units are. */
const most = 256;
/** A pass that turns pieces around is made so often at most. */
const passes = 30;

/**
 * The units in an order in which neighbours do alike, (units,): a path through all of them along which the sum of the neighbours'
 * correlations is large. It goes to the nearest unit that is left, and then pieces of it are turned around as long as that helps (2-opt).
 * Units that never change have no correlation and come last.
 */
export function orderBySimilarity(series: Series): Uint32Array {
  const { standard, width, constant } = standardised(series);
  const moving = Array.from({ length: series.units }, (_, unit) => unit).filter((unit) => !constant[unit]);
  const path = improved(nearestPath(correlations(standard, width, moving)));
  const ordered = path.map((at) => moving[at] ?? 0);
  // A path reads both ways; it is the one that begins with the lower number.
  if ((ordered[0] ?? 0) > (ordered.at(-1) ?? 0)) ordered.reverse();
  const still = Array.from({ length: series.units }, (_, unit) => unit).filter((unit) => constant[unit]);
  return Uint32Array.from([...ordered, ...still]);
}

/** Each unit at evenly spaced steps, less its mean and of length one, [units][width]. What is not finite counts as the mean. */
function standardised(series: Series): { standard: Float32Array; width: number; constant: Uint8Array } {
  const { units } = series;
  const steps = stepsOf(series);
  const width = Math.min(steps, most);
  const standard = new Float32Array(units * width);
  const constant = new Uint8Array(units);
  for (let unit = 0; unit < units; unit++) {
    const row = standard.subarray(unit * width, (unit + 1) * width);
    for (let at = 0; at < width; at++) row[at] = numberAt(series, Math.floor((at * steps) / width) * units + unit);
    const finite = row.filter(isFiniteNumber);
    const mean = finite.reduce((sum, value) => sum + value, 0) / Math.max(1, finite.length);
    let square = 0;
    for (let at = 0; at < width; at++) {
      const value = row[at] ?? 0;
      row[at] = isFiniteNumber(value) ? value - mean : 0;
      square += (row[at] ?? 0) ** 2;
    }
    const length = Math.sqrt(square);
    // What is left of a constant is rounding.
    if (length <= 1e-6 * Math.sqrt(width) * Math.max(Math.abs(mean), 1e-30)) constant[unit] = 1;
    else for (let at = 0; at < width; at++) row[at] = (row[at] ?? 0) / length;
  }
  return { standard, width, constant };
}

/** A square matrix. */
interface Matrix {
  readonly size: number;
  readonly values: Float32Array;
}

function correlations(standard: Float32Array, width: number, units: readonly number[]): Matrix {
  const size = units.length;
  const values = new Float32Array(size * size);
  for (let a = 0; a < size; a++) {
    const left = (units[a] ?? 0) * width;
    for (let b = 0; b < a; b++) {
      const right = (units[b] ?? 0) * width;
      let sum = 0;
      for (let at = 0; at < width; at++) sum += (standard[left + at] ?? 0) * (standard[right + at] ?? 0);
      values[a * size + b] = sum;
      values[b * size + a] = sum;
    }
  }
  return { size, values };
}

/** From the first on always to the one that is most alike among those that are left; the path grows at both of its ends. */
function nearestPath(matrix: Matrix): { matrix: Matrix; path: Uint32Array } {
  const { size, values } = matrix;
  const left = new Uint8Array(size).fill(1);
  const ahead: number[] = [];
  const behind: number[] = [];
  const nearest = (from: number): number => {
    let best = -1;
    for (let to = 0; to < size; to++) {
      if (left[to] === 1 && (best < 0 || (values[from * size + to] ?? 0) > (values[from * size + best] ?? 0)))
        best = to;
    }
    return best;
  };
  if (size > 0) ahead.push(0);
  left[0] = 0;
  while (ahead.length + behind.length < size) {
    const [front, back] = [ahead.at(-1) ?? 0, behind.at(-1) ?? 0];
    const [next, other] = [nearest(front), nearest(back)];
    const forward = (values[front * size + next] ?? 0) >= (values[back * size + other] ?? 0);
    const chosen = forward ? next : other;
    (forward ? ahead : behind).push(chosen);
    left[chosen] = 0;
  }
  return { matrix, path: Uint32Array.from([...behind.reverse(), ...ahead]) };
}

/** Turns pieces of the path around while that makes the sum larger. */
function improved({ matrix: { size, values }, path }: { matrix: Matrix; path: Uint32Array }): number[] {
  const alike = (a: number, b: number) => values[(path[a] ?? 0) * size + (path[b] ?? 0)] ?? 0;
  for (let pass = 0; pass < passes; pass++) {
    let turned = false;
    for (let from = 0; from < size - 1; from++) {
      for (let to = from + 1; to < size; to++) {
        const before = (from > 0 ? alike(from - 1, from) : 0) + (to < size - 1 ? alike(to, to + 1) : 0);
        const after = (from > 0 ? alike(from - 1, to) : 0) + (to < size - 1 ? alike(from, to + 1) : 0);
        if (after <= before + 1e-6) continue;
        path.subarray(from, to + 1).reverse();
        turned = true;
      }
    }
    if (!turned) break;
  }
  return [...path];
}
