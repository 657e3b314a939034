import type { Cell } from '../cells/cell';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';

/** One direction of one recurrence of a traced model. */
export interface TracedLayer {
  readonly node: string;
  readonly op: string;
  readonly direction: 'forward' | 'reverse';
  /** Units of the signal that is compared. */
  readonly hidden: number;
  readonly equations: readonly string[];
  /** Each is an output [steps, batch, units] of the traced model; `units` is `hidden` for a cell's. */
  readonly signals: readonly TracedSignal[];
  /** Those signals that are carried from step to step. */
  readonly states: readonly string[];
  /** What the model itself computes, [steps, directions, batch, hidden]; the signal of this name must equal it at this direction. */
  readonly fused: { readonly output: string; readonly direction: number; readonly signal: string };
}

export interface TracedSignal {
  readonly name: string;
  readonly range: 'gate' | 'signed';
  readonly output: string;
}

/** Makes the signals of a cell, [steps, batch, hidden] each, outputs of the graph. */
export function exposed(b: Builder, cell: Cell, signals: ReadonlyMap<string, Value>): readonly TracedSignal[] {
  return cell.signals.flatMap(({ name, range }) => {
    const value = signals.get(name);
    return value === undefined ? [] : [{ name, range, output: expose(b, value) }];
  });
}

/** Makes a value an output of the graph, under the name that it has. */
export function expose({ graph }: Builder, value: Value): string {
  if (!graph.outputs.includes(value)) graph.outputs.push(value);
  return value.name;
}
