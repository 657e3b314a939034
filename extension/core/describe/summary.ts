import type { TensorSummary } from '../../protocol/model';
import { numberReader, type Tensor } from '../tensor';

/** Bins of a histogram. */
const mostBins = 48;

/** The numbers of a tensor in few: its range, moments in float64, and a histogram over that range. */
export function summaryOf(tensor: Tensor): TensorSummary {
  const { dtype, shape } = tensor;
  const count = tensor.data.length;
  const finite = finiteOf(tensor);
  let [min, max, zeros, held, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  finite((value) => {
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
    held++;
    sum += value;
  });
  const common = { dtype, shape, zeros: count === 0 ? 0 : zeros / count, nonFinite: count - held };
  if (held === 0) return { ...common, min: null, max: null, mean: null, deviation: null, bins: [], edges: [] };
  let mean = sum / held;
  if (!Number.isFinite(mean)) {
    // The largest float64s have no sum.
    mean = 0;
    finite((value) => {
      mean += value / held;
    });
  }
  const wholes = !dtype.includes('float');
  const edges = edgesOf(min, max, wholes);
  const bins = new Array<number>(edges.length - 1).fill(0);
  let squares = 0;
  finite((value) => {
    squares += (value - mean) ** 2;
    const bin = binOf(value, edges);
    bins[bin] = (bins[bin] ?? 0) + 1;
  });
  const deviation = Math.sqrt(squares / held);
  return { ...common, min, max, mean, deviation: Number.isFinite(deviation) ? deviation : null, bins, edges };
}

type Each = (take: (value: number) => void) => void;

function finiteOf({ dtype, data }: Tensor): Each {
  const read = numberReader(dtype);
  return (take) => {
    for (const element of data) {
      const value = read(element);
      if (Number.isFinite(value)) take(value);
    }
  };
}

/** The borders of the bins: around each whole number where those are few, else as many bins of one width as there are at most. */
function edgesOf(min: number, max: number, wholes: boolean): number[] {
  if (wholes && max - min < mostBins) return Array.from({ length: max - min + 2 }, (_, i) => min - 0.5 + i);
  if (min === max) return [min, max];
  // Added up from parts, because the widest range is wider than a number can be.
  const at = (i: number) => min * (1 - i / mostBins) + max * (i / mostBins);
  return Array.from({ length: mostBins + 1 }, (_, i) => (i === 0 ? min : i === mostBins ? max : at(i)));
}

/** The bin that a value lies in: where it would lie by its share of the range, corrected by the borders themselves. */
function binOf(value: number, edges: readonly number[]): number {
  const last = edges.length - 2;
  const [first = 0, end = 0] = [edges[0], edges[last + 1]];
  const share = (value / 2 - first / 2) / (end / 2 - first / 2);
  let bin = Math.min(last, Math.max(0, Math.floor(share * (last + 1)) || 0));
  while (bin > 0 && value < (edges[bin] ?? 0)) bin--;
  while (bin < last && value >= (edges[bin + 1] ?? 0)) bin++;
  return bin;
}
