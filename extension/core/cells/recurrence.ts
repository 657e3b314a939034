import { UnrollError } from '../../protocol/errors';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at } from '../ops/arguments';
import type { Cell } from './cell';
import { type Expression, type FunctionName, termsOf } from './language';
import { planCell } from './plan';

/** The parameters of one layer, every gate's stacked in the cell's order of gates. */
export interface LayerParameters {
  /** [gates·hidden, input] */
  readonly W: Value;
  /** [gates·hidden, hidden] */
  readonly R: Value;
  /** [gates·hidden, 1], added to W x */
  readonly Wb: Value;
  /** [gates·hidden, 1], added to R h */
  readonly Rb: Value;
}

export interface Recurrence {
  readonly cell: Cell;
  readonly hidden: number;
  readonly parameters: LayerParameters;
  /** [steps, input, batch] */
  readonly x: Value;
  /** Initial value of every state, [hidden, batch], in the order of `cell.states`. */
  readonly initial: readonly Value[];
  /** Runs from the last step to the first. */
  readonly reverse: boolean;
  /** Signals to give out for every step. `h` is the layer's output. */
  readonly signals: readonly string[];
}

/**
 * Writes a cell as a Scan over time. The state is [hidden, batch] and the weights stand on the left of every product, which
 * lets the matrix kernel pack the small operand. What does not depend on the state, W x and the biases, is one product for all
 * steps before the Scan; gates of one form and one function are computed together.
 *
 * Returns every asked signal as [steps, hidden, batch] and the final states as [hidden, batch].
 */
export function recurrence(
  b: Builder,
  layer: Recurrence,
): { signals: ReadonlyMap<string, Value>; finals: readonly Value[] } {
  const { cell, hidden, parameters } = layer;
  const plan = planCell(cell);
  const gates = cell.gates.length;
  const rows = (value: Value, from: number, count: number) =>
    count === gates ? value : b.slice(value, from * hidden, (from + count) * hidden, 0);
  const gateAt = (gate: string) => cell.gates.indexOf(gate);

  // W x with the biases that stand beside it, for all steps: one product for the gates of the common form, one for each other.
  const projection = (from: number, count: number): Value => {
    const biases = rows(parameters.Wb, from, count);
    const folded = plan.foldsRecurrentBias(at(cell.gates, from))
      ? b.add(biases, rows(parameters.Rb, from, count))
      : biases;
    return b.add(b.matMul(rows(parameters.W, from, count), layer.x), folded);
  };
  const blocks = [
    ...(plan.common.length > 0 ? [{ from: 0, count: plan.common.length }] : []),
    ...plan.others.map((gate) => ({ from: gateAt(gate), count: 1 })),
  ];
  const projections = blocks.map(({ from, count }) => projection(from, count));
  // Weights that a step uses are cut to size out here, once.
  const stacked = rows(parameters.R, 0, plan.onState.length);
  const own = new Map(
    plan.others.map((gate) => [
      gate,
      { R: rows(parameters.R, gateAt(gate), 1), Rb: rows(parameters.Rb, gateAt(gate), 1) },
    ]),
  );

  const { states, outputs } = b.scan(layer.initial, projections, layer.reverse, (step, carried, projected) => {
    const env = new Map<string, Value>();
    for (const [i, state] of cell.states.entries()) env.set(state, at(carried, i));
    const firstOther = blocks.length - plan.others.length;
    for (const [i, gate] of plan.others.entries()) env.set(`W${gate} x`, at(projected, firstOther + i));
    for (const [gate, { Rb }] of own) env.set(`Rb${gate}`, Rb);

    const h = env.get('h');
    if (h === undefined) throw new UnrollError('model', 'The cell {0} has no state h.', cell.title);
    const sizes = [plan.common.length, ...plan.onState.slice(plan.common.length).map(() => 1)].filter(
      (size) => size > 0,
    );
    const products = step.split(
      step.matMul(stacked, h),
      sizes.map((size) => size * hidden),
      0,
    );
    plan.onState.slice(plan.common.length).forEach((gate, i) => {
      env.set(`R${gate} h`, at(products, sizes.length - (plan.onState.length - plan.common.length) + i));
    });
    if (plan.common.length > 0)
      commonGates(step, cell, hidden, step.add(at(products, 0), at(projected, 0)), plan.runs, env);

    for (const { name, next, value } of cell.steps) {
      if (env.has(next ? `${name}'` : name)) continue;
      env.set(next ? `${name}'` : name, evaluate(step, value, env, plan.folded, own));
    }
    const signal = (name: string) => found(env, cell.states.includes(name) ? `${name}'` : name);
    return { states: cell.states.map(signal), outputs: layer.signals.map(signal) };
  });
  return { signals: new Map(layer.signals.map((name, i) => [name, at(outputs, i)])), finals: states };
}

/** Applies the functions of the gates of the common form to their stacked pre-activations, one application a run. */
function commonGates(
  b: Builder,
  cell: Cell,
  hidden: number,
  preactivation: Value,
  runs: readonly { readonly fn: FunctionName; readonly gates: readonly string[] }[],
  env: Map<string, Value>,
): void {
  const parts = b.split(
    preactivation,
    runs.map(({ gates }) => gates.length * hidden),
    0,
  );
  runs.forEach(({ fn, gates }, i) => {
    const values = b.split(
      apply(b, fn, at(parts, i)),
      gates.map(() => hidden),
      0,
    );
    for (const [k, gate] of gates.entries()) env.set(cell.states.includes(gate) ? `${gate}'` : gate, at(values, k));
  });
}

/** Writes an expression as nodes. Biases in `folded` are part of the projections already. */
function evaluate(
  b: Builder,
  expression: Expression,
  env: ReadonlyMap<string, Value>,
  folded: ReadonlySet<string>,
  own: ReadonlyMap<string, { readonly R: Value }>,
): Value {
  const value = (inner: Expression): Value => {
    switch (inner.kind) {
      case 'name':
        return found(env, inner.next ? `${inner.name}'` : inner.name);
      case 'number':
        return b.scalarLike(found(env, 'h'), inner.value);
      case 'call':
        return apply(b, inner.fn, value(inner.operand));
      case 'product': {
        const { operand, matrix } = inner;
        const ready = operand.kind === 'name' ? env.get(`${matrix} ${operand.name}`) : undefined;
        if (ready !== undefined) return ready;
        const weights = own.get(matrix.slice(1));
        if (weights === undefined)
          throw new UnrollError('model', 'The cell uses {0} where it cannot be found.', matrix);
        return b.matMul(weights.R, value(operand));
      }
      case 'binary': {
        if (inner.operator === '⊙') return b.mul(value(inner.left), value(inner.right));
        if (inner.operator === '−') return b.sub(value(inner.left), value(inner.right));
        const terms = termsOf(inner).filter((term) => term.kind !== 'name' || !folded.has(term.name));
        return terms.map(value).reduce((sum, term) => b.add(sum, term));
      }
    }
  };
  return value(expression);
}

const applications: Readonly<Record<FunctionName, (b: Builder, x: Value) => Value>> = {
  σ: (b, x) => b.sigmoid(x),
  tanh: (b, x) => b.tanh(x),
  relu: (b, x) => b.relu(x),
};
const apply = (b: Builder, fn: FunctionName, x: Value) => applications[fn](b, x);

function found(env: ReadonlyMap<string, Value>, name: string): Value {
  const value = env.get(name);
  if (value === undefined) throw new UnrollError('model', 'The cell uses {0} before it is defined.', name);
  return value;
}
