import type { Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { evaluate } from '../numeric/evaluate';
import { made, NotNumeric, type Numbers } from '../numeric/numbers';
import { isLayout } from './activations';
import type { Axes } from './contract';
import { alike, rowsOf, valueOfRows } from './rows';

/** A value that an affine map reads, with how its rows lie. */
export interface Operand {
  readonly value: Value;
  readonly shape: readonly number[];
  readonly axes: Axes;
  readonly size: number;
}

/** What is asked of: a part of the output of an activation, taken before the activation. */
export interface Target {
  readonly value: Value;
  readonly axes: Axes;
}

export interface AffineMap {
  /** [units] */
  readonly bias: Float64Array;
  /** By operand, [units][size of the operand]. */
  readonly weights: ReadonlyMap<Value, Float64Array>;
}

/** A step as affine maps are looked for in it. */
export interface Surroundings {
  readonly nodes: readonly Node[];
  readonly makers: ReadonlyMap<Value, Node>;
  readonly isConstant: (value: Value) => boolean;
  /** Where the way back ends: states, inputs, what is taken as it comes. */
  readonly ends: ReadonlySet<Value>;
  readonly sample: ReadonlyMap<Value, Numbers>;
}

/** All operands are summed. */
const additive: ReadonlySet<string> = new Set(['Add', 'Concat', 'Neg', 'ReduceMean', 'ReduceSum', 'Sub', 'Sum']);

/**
 * What `value` is an affine function of: the values at the end of the way back through linear operators. `fixed` are taken for constants.
 */
export function sourcesOf(value: Value, around: Surroundings, fixed: ReadonlySet<Value>): ReadonlySet<Value> {
  const varying = new Map<Value, boolean>();
  const varies = (wanted: Value): boolean => {
    const open = [wanted];
    while (open.length > 0) {
      const at = open[open.length - 1] as Value;
      if (varying.has(at)) {
        open.pop();
        continue;
      }
      const node = around.makers.get(at);
      const still = fixed.has(at) || around.isConstant(at) || node?.op === 'Shape' || node?.op === 'Size';
      if (still || around.ends.has(at) || node === undefined) {
        varying.set(at, !still);
        open.pop();
        continue;
      }
      const inputs = node.inputs.filter((input) => input !== null) as Value[];
      const unknown = inputs.find((input) => !varying.has(input));
      if (unknown !== undefined) open.push(unknown);
      else {
        varying.set(
          at,
          inputs.some((input) => varying.get(input) === true),
        );
        open.pop();
      }
    }
    return varying.get(wanted) === true;
  };
  const sources = new Set<Value>();
  const seen = new Set<Value>();
  const open = [value];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at) || !varies(at)) continue;
    seen.add(at);
    const node = around.makers.get(at);
    const next = around.ends.has(at) || node === undefined ? null : linearInputs(node, varies);
    if (next === null) sources.add(at);
    else open.push(...next);
  }
  return sources;
}

/** The inputs that a node is linear in, together; null where it is not linear in what varies. */
function linearInputs(node: Node, varies: (value: Value) => boolean): readonly Value[] | null {
  if (node.domain !== '') return null;
  const free = node.inputs.filter((input) => input !== null && varies(input)) as Value[];
  const [a, b] = node.inputs;
  if (isLayout(node)) return free.length === 1 && free[0] === a ? free : null;
  if (additive.has(node.op)) return free;
  const moves = (value: Value | null | undefined) => Boolean(value && varies(value));
  if (node.op === 'Mul' || node.op === 'MatMul') return moves(a) && moves(b) ? null : free;
  if (node.op === 'Gemm') return moves(a) && moves(b) ? null : free;
  if (node.op === 'Div') return moves(b) ? null : free;
  return null;
}

/** Where sums are evaluated: what is asked for, what is held fixed, and what is read before an activation instead of after it. */
export interface Asked {
  readonly targets: readonly Target[];
  readonly around: Surroundings;
  readonly fixed: ReadonlyMap<Value, Numbers>;
  readonly instead: ReadonlyMap<Value, Value>;
}

type Run = (values: ReadonlyMap<Value, Numbers>) => Float64Array[];

/** The values that everything starts from, with zeros for the operands, and what evaluates the targets' rows. */
function prepared({ targets, around, fixed, instead }: Asked, operands: readonly Operand[]) {
  const base = new Map<Value, Numbers>();
  // What is read from outside the step and is no operand is as in the sample; nothing of what the step makes is.
  for (const [value, numbers] of around.sample) {
    if (around.ends.has(value) || around.isConstant(value) || !around.makers.has(value)) base.set(value, numbers);
  }
  for (const [value, numbers] of fixed) base.set(value, numbers);
  for (const { value, shape } of operands) base.set(value, made(shape));
  const wanted = targets.map(({ value }) => value);
  const run: Run = (values) => {
    const results = evaluate(around.nodes, values, wanted, instead);
    return targets.map(({ value, axes }) => rowsOf(results.get(value) as Numbers, axes));
  };
  return { base, run };
}

/** Whether a row of an operand, read as `axes` says, changes only the same row of the targets; which tells units from sequences. */
export function keepsRows(asked: Asked, operands: readonly Operand[], operand: Operand): boolean {
  const { value, shape, axes, size } = operand;
  const batch = axes.batch === null ? 1 : (shape[axes.batch] ?? 1);
  const { base, run } = prepared(asked, operands);
  const before = run(base);
  const rows = new Float64Array(batch * size);
  for (let k = 0; k < size; k++) rows[k] = 1 + k;
  const after = run(base.set(value, valueOfRows(rows, shape, axes)));
  return before.every((all, i) => {
    const units = all.length / batch;
    return batch === 1 || alike(all.subarray(units), (after[i] as Float64Array).subarray(units), 1e-12);
  });
}

/**
 * The affine maps from `operands` to the targets, found exactly by evaluating the step on zeros and on every unit vector.
 * @throws NotNumeric where the step cannot be evaluated, or a target is another for every row.
 */
export function affineMaps(asked: Asked, operands: readonly Operand[]): AffineMap[] {
  const { targets, around } = asked;
  const { base, run } = prepared(asked, operands);
  const atZero = run(base);
  const maps = targets.map(({ value, axes }, i) => {
    const rows = atZero[i] as Float64Array;
    const units = (around.sample.get(value)?.shape ?? [])[axes.units] ?? 1;
    const bias = rows.slice(0, units);
    for (let row = 0; row < rows.length; row += units) {
      if (!alike(rows.subarray(row, row + units), bias)) throw new NotNumeric('another for every row');
    }
    return { bias, units, weights: new Map<Value, Float64Array>() };
  });
  for (const operand of operands) {
    const { value, shape, axes, size } = operand;
    for (const map of maps) map.weights.set(value, new Float64Array(map.units * size));
    const batch = axes.batch === null ? 1 : (shape[axes.batch] ?? 1);
    for (let from = 0; from < size; from += batch) {
      const rows = new Float64Array(batch * size);
      for (let row = 0; row < batch && from + row < size; row++) rows[row * size + from + row] = 1;
      const results = run(new Map(base).set(value, valueOfRows(rows, shape, axes)));
      maps.forEach(({ bias, units, weights }, i) => {
        const target = weights.get(value);
        for (let row = 0; row < batch && from + row < size; row++) {
          for (let unit = 0; unit < units; unit++) {
            const out = results[i]?.[row * units + unit] ?? Number.NaN;
            if (target !== undefined) target[unit * size + from + row] = out - (bias[unit] ?? 0);
          }
        }
      });
    }
  }
  return maps;
}
