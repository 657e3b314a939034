import { UnrollError } from '../../../protocol/errors';
import type { StateChanges } from '../../cells/recurrence';
import type { Builder } from '../../graph/builder';
import type { Value } from '../../graph/value';
import type { Change } from '../../trace/change';
import { type ChangedValue, changeInBody, copiedFrom, isMadeIn, layoutOf, sourceOf } from '../../trace/changeInPlace';
import type { MatchedCell } from '../match/contract';
import type { BodySignals } from './generic';
import { type LoopBody, scansBackwards } from './loopBody';

/** Changes the states of a cell in the body that computes it. */
export function changeCell(
  b: Builder,
  loop: LoopBody,
  { cell, stateOrder, stateAxes }: MatchedCell,
  reverse: boolean,
  changes: StateChanges,
): void {
  const changed = cell.states.flatMap((state, i): ChangedValue[] => {
    const change = changes.get(state);
    const after = loop.states[stateOrder[i] ?? -1]?.after;
    if (change === undefined) return [];
    const source = after && sourceOf(loop.body.nodes, { value: after, axes: stateAxes });
    if (source === undefined || !isMadeIn(loop.body.nodes, source.value)) {
      throw new UnrollError('model', 'The states of {0} cannot be changed.', loop.node.name);
    }
    return [{ value: source.value, layout: layoutOf(source.axes), change }];
  });
  changeInBody(b, loop, changed, reverse);
}

/** Changes the states of a body that is no known cell; what a step only hands on cannot be changed. */
export function changeBody(b: Builder, loop: LoopBody, { named, states, sample }: BodySignals, change: Change): void {
  const changed = states.flatMap((after): ChangedValue[] => {
    const state = named.get(after);
    const layout = layoutOfRows(after, sample?.values.get(after)?.shape ?? null);
    const { dtype } = after.type;
    const value = copiedFrom(loop.body.nodes, after);
    const isFloat = dtype === 'float32' || dtype === 'float64';
    if (state === undefined || layout === null || !isFloat || !isMadeIn(loop.body.nodes, value)) return [];
    const wanted = change({ layer: 0, state, dtype });
    return wanted === null ? [] : [{ value, layout, change: wanted }];
  });
  changeInBody(b, loop, changed, scansBackwards(loop));
}

/** The way back from [steps, units, batch] to how such a value is shown as rows: see `generic.ts`. */
function layoutOfRows({ type }: Value, sampled: readonly number[] | null): ChangedValue['layout'] | null {
  const rank = type.shape?.length ?? sampled?.length ?? null;
  const dims = type.shape ?? sampled;
  if (rank === 0) return (b, whole) => b.squeeze(whole, [1, 2]);
  if (rank === 1) return layoutOf({ rank: 1, units: 0, batch: null });
  if (rank === 2) return layoutOf({ rank: 2, units: 1, batch: 0 });
  if (rank === 3 && dims?.[0] === 1) return layoutOf({ rank: 3, units: 2, batch: 1 });
  return null;
}
