import { type Recurrence, recurrence, type StateChanges } from '../cells/recurrence';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { expose, exposed, type TracedLayer } from '../trace/tracedLayer';
import type { MatchedCell } from './match/contract';

/** A matched cell with what it reads in all steps, all in float32. */
export interface CellRun {
  readonly node: string;
  readonly matched: Pick<MatchedCell, 'cell' | 'hidden' | 'parameters'>;
  /** What x is made of, [steps, batch, size] each, side by side. */
  readonly x: readonly Value[];
  /** [batch, hidden] each, in the order of `cell.states`. */
  readonly initial: readonly Value[];
  /** Whether the steps run from the last to the first. */
  readonly reverse: boolean;
}

/** The layer of such a cell, to be written with `recurrence`. */
export function layerOf(b: Builder, { matched, x, initial, reverse }: CellRun): Omit<Recurrence, 'signals'> {
  const { cell, hidden, parameters } = matched;
  return {
    cell,
    hidden,
    reverse,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, tensor]) => [name, b.constant(tensor, `${cell.name}.${name}`)]),
    ),
    x: b.transpose(b.concat(x, 2), [0, 2, 1]),
    initial: initial.map((value) => b.transpose(value, [1, 0])),
    form: 'step',
  };
}

/**
 * Writes a matched cell out beside the model's own nodes, with every signal as an output. `own` is what the model itself computes of
 * `cell.output`, [steps, batch, hidden]. `changes` are those of its states.
 */
export function tracedCell(b: Builder, run: CellRun, own: Value, changes: StateChanges = new Map()): TracedLayer {
  const { cell, hidden } = run.matched;
  const asked = cell.signals.map(({ name }) => name);
  const { signals } = recurrence(b, { ...layerOf(b, run), signals: asked, changes });
  const batchFirst = new Map([...signals].map(([name, value]) => [name, b.transpose(value, [0, 2, 1])]));
  return {
    node: run.node,
    op: cell.title,
    direction: run.reverse ? 'reverse' : 'forward',
    hidden,
    equations: cell.steps.map(({ text }) => text),
    signals: exposed(b, cell, batchFirst),
    states: cell.states,
    fused: { output: expose(b, b.unsqueeze(own, [1])), direction: 0, signal: cell.output },
  };
}
