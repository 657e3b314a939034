import type { Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import type { Numbers } from '../numeric/numbers';
import { type Activation, activationsOf } from './activations';
import type { Axes, StepGraph, StepState } from './contract';
import { alike, axesLike, rowsOf } from './rows';
import type { Sample } from './sample';

/** A value of a step that may be a signal of a cell: as many numbers as the state has, out of an activation. */
export interface Candidate {
  readonly value: Value;
  readonly axes: Axes;
  readonly activation: Activation;
  /** [batch, units] */
  readonly rows: Float64Array;
}

/** More than this are not gates of one step. */
const mostCandidates = 96;

/** A step with numbers in it, as cells are looked for in it. */
export class StepValues {
  readonly makers: ReadonlyMap<Value, Node>;
  private readonly activations: ReadonlyMap<Value, Activation>;

  constructor(
    readonly step: StepGraph,
    readonly sample: Sample,
  ) {
    this.makers = new Map(
      step.nodes.flatMap((node) =>
        node.outputs.flatMap((output) => (output === null ? [] : [[output, node] as const])),
      ),
    );
    this.activations = activationsOf(step.nodes, step.constantOf);
  }

  numbers(value: Value): Numbers | null {
    return this.sample.values.get(value) ?? null;
  }

  /** Everything of the size of a state that comes out of an activation; of values that are the same, the first. */
  candidates(batch: number, units: number, like: Axes): readonly Candidate[] {
    const found: Candidate[] = [];
    for (const [value, activation] of this.activations) {
      const numbers = this.numbers(value);
      const axes = numbers === null ? null : axesLike(numbers.shape, batch, units, like);
      if (numbers === null || axes === null) continue;
      const rows = rowsOf(numbers, axes);
      if (found.some((other) => alike(other.rows, rows, 1e-12))) continue;
      found.push({ value, axes, activation, rows });
      if (found.length > mostCandidates) break;
    }
    return found;
  }

  /** Whether `value` is made of one of `sources` within the step. */
  dependsOn(value: Value, sources: ReadonlySet<Value>): boolean {
    const seen = new Set<Value>();
    const open = [value];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (sources.has(at)) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      for (const input of this.makers.get(at)?.inputs ?? []) if (input !== null) open.push(input);
    }
    return false;
  }

  /** The value that `value` is a mere copy of, copies of copies included. */
  originalOf(value: Value): Value {
    let at = value;
    for (let node = this.makers.get(at); node?.op === 'Identity' && node.domain === ''; node = this.makers.get(at)) {
      const [before] = node.inputs;
      if (!before) break;
      at = before;
    }
    return at;
  }
}

/** A state with the numbers that it has before and after the step. */
export interface TriedState {
  readonly index: number;
  readonly state: StepState;
  readonly before: Float64Array;
  readonly after: Float64Array;
  readonly afterAxes: Axes;
}
