import { type Expression, within } from '../../protocol/cellLanguage';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at } from '../ops/arguments';
import { transposed } from '../ops/linear';
import { type BlockRequest, cutBlocks } from './blocks';
import type { Cell } from './cell';
import { type Environment, evaluate, found } from './evaluate';
import { filled } from './filled';
import { apply } from './functions';
import { type ParameterName, parameterOf } from './parameters';
import { type CellPlan, planCell, readyNames } from './plan';

/**
 * The parameters of one layer by name, every gate's stacked as `cellParameters` says: weights [gates·hidden, columns], vectors
 * [gates·hidden, 1].
 */
export type LayerParameters = Readonly<Partial<Record<ParameterName, Value>>>;

/** A layer: a cell with its size and its parameters. */
export interface CellLayer {
  readonly cell: Cell;
  readonly hidden: number;
  readonly parameters: LayerParameters;
  /** For batches of one or few items: weights are packed once for all steps, instead of the state at each. */
  readonly fewItems?: boolean;
}

/** A cell ready to be written, in two parts: what depends on the input alone, and the step from state to state. */
export interface PreparedCell {
  readonly plan: CellPlan;
  /** What the cell makes of the input alone, x [input, batch] for one step, or [steps, input, batch] for all of them. */
  fromInput(b: Builder, x: Value): InputPart;
  /**
   * The signals of one step that depend on the states, by name, a prime for a state's next value. `states` are [hidden, batch]
   * in the cell's order, `input` is one step of what `fromInput` gave. `stateDrop` [hidden, batch] multiplies h wherever a matrix
   * reads it. `change` is what becomes of a state's next value before anything reads it; it is given the state's name.
   */
  step(
    b: Builder,
    states: readonly Value[],
    input: Pick<InputPart, 'projected' | 'ones'>,
    stateDrop: Value | null,
    change?: (state: string, next: Value) => Value,
  ): Environment;
}

export interface InputPart {
  /** Everything that varies from step to step and that a step needs. */
  readonly projected: readonly Value[];
  /** What biases multiply, [1, batch]; null where no product takes one in. */
  readonly ones: Value | null;
  /** The parameters and the signals that do not depend on the states. */
  readonly env: Environment;
}

/** Prepares a layer: its weights are cut to size in `b`, once, outside the loop over time. */
export function prepareCell(b: Builder, layer: CellLayer): PreparedCell {
  const { cell, hidden } = layer;
  const plan = planCell(cell);
  const words = new Map<string, BlockRequest>();
  const written: readonly Expression[] = [...plan.free, ...plan.bound, ...plan.given].map(({ value }) => value);
  for (const part of written.flatMap((value) => [...within(value)])) {
    const word = part.kind === 'name' ? part.name : part.kind === 'product' ? part.matrix : '';
    const parameter = parameterOf(word);
    if (parameter !== null) words.set(word, { name: parameter.name, gates: [parameter.gate] });
  }
  const others = plan.onState.slice(plan.common.length);
  const ofCommon = (name: ParameterName): BlockRequest => ({ name, gates: plan.common });
  const ofOthers: BlockRequest = { name: 'R', gates: others };
  const hasCommon = plan.common.length > 0;
  const block = cutBlocks(b, layer, [
    ...words.values(),
    ...(others.length > 0 ? [ofOthers] : []),
    ...(hasCommon ? (['R', 'W', ...plan.folded] as const).map(ofCommon) : []),
  ]);
  const otherR = others.length > 0 ? block(ofOthers) : null;
  const commonBias = plan.folded
    .map((name) => block(ofCommon(name)))
    .reduce<Value | null>((sum, bias) => (sum === null ? bias : b.add(sum, bias)), null);
  const sumOf = layer.fewItems === true ? sumOfFew : sumAsProduct;
  const sum = hasCommon ? sumOf(b, block(ofCommon('R')), block(ofCommon('W')), commonBias) : null;
  const product = layer.fewItems === true ? productOfFew : (to: Builder, W: Value, x: Value) => to.matMul(W, x);
  const vectors = new Map([...words].map(([word, request]) => [word, block(request)]));
  const fixed = new Map(vectors);
  for (const { name, value, varies } of plan.given) if (!varies) fixed.set(name, evaluate(b, value, vectors));
  const varying = plan.given.filter(({ varies }) => varies);

  return {
    plan,
    fromInput(outer, x) {
      const env = new Map(fixed).set('x', x);
      for (const { name, value } of plan.free) env.set(name, evaluate(outer, value, env));
      return {
        projected: [
          ...(sum === null ? [] : [sum.ofInput(outer, x)]),
          ...varying.map(({ value }) => evaluate(outer, value, env)),
        ],
        ones: sum?.readsOnes === true ? filled(outer, x, 1, 1) : null,
        env,
      };
    },
    step(inner, states, { projected, ones }, stateDrop, change = (_, next) => next) {
      const env = new Map(fixed);
      for (const [i, state] of cell.states.entries()) env.set(state, at(states, i));
      const offset = sum === null ? 0 : 1;
      for (const [i, { name }] of varying.entries()) env.set(name, at(projected, offset + i));
      const h = found(env, 'h');
      const read = stateDrop === null ? h : inner.mul(h, stateDrop);
      env.set(readyNames.read, read);
      if (sum !== null) {
        setCommonGates(inner, cell, hidden, plan, sum.atStep(inner, read, at(projected, 0), ones), env);
        for (const state of cell.states) {
          const next = env.get(`${state}'`);
          if (next !== undefined) env.set(`${state}'`, change(state, next));
        }
      }
      if (otherR !== null) {
        const products = inner.split(
          product(inner, otherR, read),
          others.map(() => hidden),
          0,
        );
        for (const [i, gate] of others.entries()) env.set(readyNames.product(gate), at(products, i));
      }
      for (const { name, next, value } of plan.bound) {
        const word = next ? `${name}'` : name;
        if (env.has(word)) continue;
        const computed = evaluate(inner, value, env);
        env.set(word, next ? change(name, computed) : computed);
      }
      return env;
    },
  };
}

/** Sets the common gates, or their sums where more is added to them: one application of a function for each run. */
function setCommonGates(
  b: Builder,
  cell: Cell,
  hidden: number,
  { runs }: CellPlan,
  sums: Value,
  env: Map<string, Value>,
): void {
  const parts = b.split(
    sums,
    runs.map(({ gates }) => gates.length * hidden),
    0,
  );
  runs.forEach(({ fn, gates }, i) => {
    const part = at(parts, i);
    const values = b.split(
      fn === null ? part : apply(b, fn, part),
      gates.map(() => hidden),
      0,
    );
    for (const [k, gate] of gates.entries()) {
      const signal = cell.states.includes(gate) ? `${gate}'` : gate;
      env.set(fn === null ? readyNames.sum(gate) : signal, at(values, k));
    }
  });
}

/**
 * One step of a cell without a loop around it, for decoders that read what they gave. `b` is the builder of the graph that the
 * parameters stand in; the function may write into a graph inside that one.
 *
 * x is [input, batch], the states [hidden, batch] in the order of `cell.states`, as are those that come back.
 */
export function stepOf(
  b: Builder,
  layer: CellLayer,
): (inner: Builder, x: Value, states: readonly Value[], stateDrop?: Value | null) => readonly Value[] {
  const { fromInput, step } = prepareCell(b, layer);
  return (inner, x, states, stateDrop = null) => {
    const env = step(inner, states, fromInput(inner, x), stateDrop);
    return layer.cell.states.map((state) => found(env, `${state}'`));
  };
}

/** How R h + W x + bias of some gates comes about, [gates·hidden, batch] at each step. */
interface GateSum {
  /** Whether a step needs ones, [1, batch]. */
  readonly readsOnes: boolean;
  /** What a step takes of the input x, [input, batch] or [steps, input, batch]. */
  ofInput(b: Builder, x: Value): Value;
  atStep(b: Builder, h: Value, input: Value, ones: Value | null): Value;
}

/**
 * One product, [R W bias]·[h ; x ; 1]: the weights' gradients are one product too, and nothing of the size of all gates at all steps is
 * written before the loop.
 */
function sumAsProduct(b: Builder, R: Value, W: Value, bias: Value | null): GateSum {
  const weights = b.concat([R, W, ...(bias === null ? [] : [bias])], 1);
  return {
    readsOnes: bias !== null,
    ofInput: (_, x) => x,
    atStep: (inner, h, x, ones) => inner.matMul(weights, inner.concat([h, x, ...(ones === null ? [] : [ones])], 0)),
  };
}

/**
 * For one or few items: the input's part for all steps at once, and the state's with R on the right, a constant that onnxruntime packs once
 * and for all. With 1,024 times 265 weights a step of one item takes 12 µs for 14, one of two items 12 for 43, but one of 32 items 84 for 76.
 */
function sumOfFew(b: Builder, R: Value, W: Value, bias: Value | null): GateSum {
  return {
    readsOnes: false,
    ofInput(outer, x) {
      const products = outer.matMul(transposed(outer, x), transposed(b, W));
      return bias === null ? products : outer.add(products, transposed(b, bias));
    },
    atStep: (inner, h, input) => inner.transpose(inner.gemm(h, R, true, true, input), [1, 0]),
  };
}

const productOfFew = (b: Builder, weights: Value, columns: Value): Value =>
  b.transpose(b.gemm(columns, weights, true, true), [1, 0]);
