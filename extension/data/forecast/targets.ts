import { UnrollError } from '../../protocol/errors';
import { naiveError } from '../judging/metrics';
import type { TargetScale } from '../prepared';
import type { Stretch } from '../several/stretches';
import { isOfChanges } from './changes';
import { type ScaledColumns, trainingValues } from './scaledColumns';
import { fitScaler, scaleValue, unscaleValue } from './scaling';
import type { Series } from './series';

/** A column that is forecast. */
export interface Target {
  readonly name: string;
  /** In its own units; one entry a row. */
  readonly values: Float64Array;
  /** What scaled errors are divided by, one a stretch; null where there is nothing to divide by. */
  readonly naives: readonly (number | null)[];
  /** The deviation of its training rows: what errors of several targets are measured in, so that they can be added up. */
  readonly deviation: number;
  /** Between its units and those that answers about a window are in, whose first forecast row is `origin`. */
  scaleOf(stretch: number, origin: number): TargetScale;
}

/** The first columns of a series, which are forecast. */
export function targetsIn(
  { columns, targets = 1 }: Series,
  stretches: readonly Stretch[],
  scalersOf: ScaledColumns['scalersOf'],
  season: number | null,
): readonly Target[] {
  return columns.slice(0, targets).map(({ name, values }, column): Target => {
    const training = trainingValues(values, stretches);
    return {
      name,
      values,
      naives: stretches.map(({ split: { train } }) => naiveError(values.subarray(train.start, train.end), season)),
      deviation: targets === 1 ? 1 : fitScaler(name, training, 'none', 'standard').scale,
      scaleOf(stretch, origin) {
        const scaler = scalersOf(stretch)[column];
        if (scaler === undefined) throw new Error('a target has its scaler');
        const last = isOfChanges(scaler) ? (values[origin - 1] ?? Number.NaN) : 0;
        return {
          scale: (value) => scaleValue(scaler, value - last),
          unscale: (scaled) => unscaleValue(scaler, scaled) + last,
        };
      },
    };
  });
}

/** @throws UnrollError `data` where a target is the same in every training row. */
export function refuseConstant({ columns, targets = 1 }: Series, stretches: readonly Stretch[]): void {
  for (const { name, values } of columns.slice(0, targets)) {
    const training = trainingValues(values, stretches);
    const [first] = training;
    if (training.some((value) => value !== first)) continue;
    throw new UnrollError(
      'data',
      'The target {0} is {1} in every row of the training part, so there is nothing to learn; choose another target or a smaller test and validation part.',
      name,
      first ?? 'missing',
    );
  }
}
