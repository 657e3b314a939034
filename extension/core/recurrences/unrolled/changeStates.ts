import type { Builder } from '../../graph/builder';
import type { Change } from '../../trace/change';
import { changeSteps, layoutOf } from '../../trace/changeInPlace';
import type { UnrolledRecurrence } from './findUnrolled';
import type { OwnSignal } from './ownSignals';

/** Changes the states of an unrolled recurrence where its steps compute them. */
export function changeStates(
  b: Builder,
  { rolled: { repeated, order }, makers }: UnrolledRecurrence,
  signals: readonly OwnSignal[],
  change: Change,
): void {
  for (const { name, state, term, axes } of signals) {
    const { dtype } = term.value.type;
    if (!state || axes === null || (dtype !== 'float32' && dtype !== 'float64')) continue;
    const values = order.map((step) => {
      const image = repeated.steps[step]?.get(term);
      return image === undefined ? [] : makers(image).flatMap(({ outputs }) => outputs[image.output] ?? []);
    });
    // A step that only hands on what there was before has no value of its own.
    if (values.some((copies) => copies.length === 0)) continue;
    const wanted = change({ layer: 0, state: name, dtype });
    if (wanted !== null) changeSteps(b, values, { layout: layoutOf(axes), change: wanted });
  }
}
