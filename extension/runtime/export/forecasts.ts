import type { ModelSpec } from '../../core/model/spec';
import { conformalIntervals, conformalLevel, type Intervals } from '../../data/judging/intervals';
import type { ForecastData } from '../../data/prepared';
import { parts } from '../../data/split';
import type { Part } from '../../protocol/data';
import type { Session } from '../session/session';
import { answerPart } from './answers';

/** Forecasts of every window of every part, `[windows, targets, horizon]` row-major, each target in its own units. */
export interface Forecasts extends Readonly<Record<Part, Float64Array>> {
  /** The model's own where its loss gives any, else those that its errors in the validation part give. */
  readonly intervals: Intervals | null;
}

/** What an exported model forecasts for each window of the data. */
export async function forecastAll(session: Session, spec: ModelSpec, data: ForecastData): Promise<Forecasts> {
  const empty = () => ({ train: noForecast, validation: noForecast, test: noForecast });
  const points: Record<Part, Float64Array> = empty();
  const [low, high]: Record<Part, Float64Array>[] = [empty(), empty()];
  const edges = edgesOf(spec);
  for (const part of parts) {
    const size = data.windows[part] * spec.targets;
    const point = new Float64Array(size);
    const [from, to] = [new Float64Array(size), new Float64Array(size)];
    for await (const { indices, values, outputs } of answerPart(session, spec, data, part)) {
      const first = (indices[0] ?? 0) * spec.targets;
      values.forEach((value, i) => {
        const { unscale } = data.targetScale(part, Math.floor((first + i) / data.horizon));
        point[first + i] = unscale(value);
        if (edges === null || outputs === null) return;
        const told = edges.of(outputs, Math.floor(i / spec.targets) * spec.outputs, i % spec.targets);
        from[first + i] = unscale(told.low);
        to[first + i] = unscale(told.high);
      });
    }
    points[part] = point;
    if (edges !== null && low !== undefined && high !== undefined) [low[part], high[part]] = [from, to];
  }
  if (edges === null || low === undefined || high === undefined) {
    return { ...points, intervals: conformalIntervals(data, points) };
  }
  return { ...points, intervals: { method: edges.method, level: edges.level, low, high } };
}

/** How a model's own outputs say between what the truth lies. */
interface Edges {
  readonly method: Intervals['method'];
  readonly level: number;
  /** Both ends, scaled, of one number of the window whose outputs begin at `window`. */
  of(outputs: Float32Array, window: number, number: number): { readonly low: number; readonly high: number };
}

/** Null where the loss tells a point alone. */
function edgesOf({ loss, targets }: ModelSpec): Edges | null {
  if (loss.name === 'gaussian') {
    return {
      method: 'gaussian',
      level: conformalLevel,
      of(outputs, window, number) {
        const mean = outputs[window + number] ?? Number.NaN;
        const deviation = Math.exp((outputs[window + targets + number] ?? Number.NaN) / 2);
        return { low: mean - normalReach * deviation, high: mean + normalReach * deviation };
      },
    };
  }
  if (loss.name !== 'quantile' || loss.quantiles.length < 2) return null;
  const [lowest, highest] = [Math.min(...loss.quantiles), Math.max(...loss.quantiles)];
  const place = (quantile: number) => loss.quantiles.indexOf(quantile) * targets;
  const [from, to] = [place(lowest), place(highest)];
  return {
    method: 'quantiles',
    level: Number((highest - lowest).toFixed(10)),
    of: (outputs, window, number) => ({
      low: outputs[window + from + number] ?? Number.NaN,
      high: outputs[window + to + number] ?? Number.NaN,
    }),
  };
}

/** Nine tenths of a normal distribution lie within so many deviations of its mean. */
const normalReach = 1.6448536269514722;

const noForecast = new Float64Array(0);
