import type { Value } from '../../graph/value';
import { NotNumeric, type Numbers } from '../numeric/numbers';
import {
  type AffineMap,
  type Asked,
  affineMaps,
  keepsRows,
  type Operand,
  type Surroundings,
  sourcesOf,
} from './affine';
import type { Axes } from './contract';
import { axesLike, axesOf, mustBe } from './rows';
import type { Placed } from './shapes';
import type { StepValues, TriedState } from './stepValues';

/** A step with the states of one cell chosen in it. */
export interface CellPlace {
  readonly values: StepValues;
  readonly h: TriedState;
  readonly c: TriedState | null;
  readonly batch: number;
  readonly hidden: number;
}

/** A gate's sum before its activation: bias + Σ operand · weights. */
export interface GateSum {
  /** [hidden] */
  readonly bias: Float64Array;
  /** By operand, [hidden][size]. */
  readonly weights: ReadonlyMap<Value, Float64Array>;
}

/** Reads the sums of gates as affine maps of what the step reads and of its states. */
export class GateReader {
  private readonly around: Surroundings;
  /** The values that are the new cell state: the state itself and what it is a copy of. */
  private readonly newC: ReadonlySet<Value>;
  /** What x is made of so far, in the order in which it was met. */
  private readonly read = new Map<Value, Operand>();

  constructor(private readonly place: CellPlace) {
    const { values, c } = place;
    const { step, sample } = values;
    this.newC = new Set(c === null ? [] : [c.state.after, values.originalOf(c.state.after)]);
    const others = step.states.map(({ after }) => values.originalOf(after));
    this.around = {
      nodes: step.nodes,
      makers: values.makers,
      isConstant: (value) => step.constantOf(value) !== null,
      ends: new Set([...step.states.map(({ before }) => before), ...sample.opaque, ...this.newC, ...others]),
      sample: sample.values,
    };
  }

  /** What x is made of, by the gates that were read. */
  get x(): readonly Operand[] {
    return [...this.read.values()];
  }

  get hBefore(): Value {
    return this.place.h.state.before;
  }

  get cBefore(): Value | null {
    return this.place.c?.state.before ?? null;
  }

  get cAfter(): Value | null {
    return this.place.c === null ? null : this.place.values.originalOf(this.place.c.state.after);
  }

  /**
   * The sums of gates. `fixed` holds activations' outputs still that the sums depend on too.
   * @throws NotNumeric where one of them is no affine map, or reads what is made of the cell's own state.
   */
  sums(gates: readonly Placed[], fixed: ReadonlyMap<Value, Numbers> = new Map()): GateSum[] {
    const { values, h, c } = this.place;
    const still = new Set(fixed.keys());
    const sources = new Set<Value>();
    for (const { candidate } of gates) {
      for (const source of sourcesOf(candidate.activation.operand, this.around, still)) sources.add(source);
    }
    const own = new Set([h.state.before, ...(c === null ? [] : [c.state.before])]);
    const asked: Asked = {
      targets: gates.map(({ candidate: { value, axes } }) => ({ value, axes })),
      around: this.around,
      fixed,
      instead: new Map(gates.map(({ candidate: { activation } }) => [activation.output, activation.operand] as const)),
    };
    const operands = [...sources].map((source): Operand | readonly Operand[] => {
      if (this.newC.has(source) || own.has(source)) return this.stateOperand(source);
      if (values.dependsOn(source, own)) throw new NotNumeric('its own state');
      return this.read.get(source) ?? this.inputOperands(source);
    });
    // Where a value can be read in two ways, its rows tell which it is: a sequence of a batch knows nothing of the others.
    const first = operands.map((each) => ('value' in each ? each : mustBe(each[0])));
    const chosen = operands.map((each, i) => {
      if ('value' in each || each.length === 1) return mustBe(first[i]);
      return mustBe(each.find((operand) => keepsRows(asked, first, operand)));
    });
    for (const [i, each] of operands.entries()) {
      const operand = mustBe(chosen[i]);
      if (!('value' in each)) this.read.set(operand.value, operand);
    }
    const maps = affineMaps(asked, chosen);
    return maps.map((map, i) => (gates[i]?.inverted ? negated(map) : map));
  }

  private stateOperand(value: Value): Operand {
    const { hidden, batch, h } = this.place;
    const { shape } = mustBe(this.place.values.numbers(value));
    return { value, shape, axes: mustBe(axesLike(shape, batch, hidden, h.afterAxes)), size: hidden };
  }

  /** The ways in which a value can hold rows for this cell, the likeliest first. */
  private inputOperands(value: Value): readonly Operand[] {
    const { batch, h } = this.place;
    const { shape } = mustBe(this.place.values.numbers(value));
    const unitsLast = h.afterAxes.batch === null || h.afterAxes.units > h.afterAxes.batch;
    const fits = axesOf(shape).filter((axes) => axes.batch === null || shape[axes.batch] === batch);
    const likeState = ({ units, batch: at }: Axes) => at === null || units > at === unitsLast;
    const sorted = [...fits.filter(likeState), ...fits.filter((axes) => !likeState(axes))];
    if (sorted.length === 0) throw new NotNumeric(value.name);
    return sorted.map((axes) => ({ value, shape, axes, size: shape[axes.units] ?? 1 }));
  }
}

/** 1 − σ(a) is σ(−a). */
function negated({ bias, weights }: AffineMap): AffineMap {
  return {
    bias: bias.map((x) => -x),
    weights: new Map([...weights].map(([value, numbers]) => [value, numbers.map((x) => -x)] as const)),
  };
}

/** The weights of the gates of x, stacked: [gates·hidden, input]. */
export function stackedInput(sums: readonly GateSum[], x: readonly Operand[], hidden: number): Float64Array {
  const input = x.reduce((sum, { size }) => sum + size, 0);
  const all = new Float64Array(sums.length * hidden * input);
  sums.forEach(({ weights }, gate) => {
    let column = 0;
    for (const { value, size } of x) {
      const own = weights.get(value);
      for (let unit = 0; unit < hidden && own !== undefined; unit++) {
        all.set(own.subarray(unit * size, (unit + 1) * size), (gate * hidden + unit) * input + column);
      }
      column += size;
    }
  });
  return all;
}

/** What every gate has of a state, stacked: [gates·hidden, hidden]; zeros where it has none. */
export function stackedState(sums: readonly GateSum[], state: Value, hidden: number): Float64Array {
  const all = new Float64Array(sums.length * hidden * hidden);
  sums.forEach(({ weights }, gate) => {
    const own = weights.get(state);
    if (own !== undefined) all.set(own, gate * hidden * hidden);
  });
  return all;
}

export function stackedBias(sums: readonly GateSum[], hidden: number): Float64Array {
  const all = new Float64Array(sums.length * hidden);
  for (const [gate, { bias }] of sums.entries()) all.set(bias, gate * hidden);
  return all;
}

/** The diagonal of what a gate has of a state. @throws NotNumeric where there is anything beside the diagonal. */
export function diagonal(sum: GateSum, state: Value | null, hidden: number): Float64Array {
  const own = state === null ? undefined : sum.weights.get(state);
  const result = new Float64Array(hidden);
  if (own === undefined) return result;
  const largest = own.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let unit = 0; unit < hidden; unit++) {
    for (let k = 0; k < hidden; k++) {
      const weight = own[unit * hidden + k] ?? 0;
      if (k === unit) result[unit] = weight;
      else if (Math.abs(weight) > 1e-9 * Math.max(1, largest)) throw new NotNumeric('beside the diagonal');
    }
  }
  return result;
}

export const isZero = (numbers: Float64Array): boolean => numbers.every((x) => Math.abs(x) < 1e-12);
