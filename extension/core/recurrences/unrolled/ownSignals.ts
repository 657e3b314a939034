import type { Builder } from '../../graph/builder';
import type { Value } from '../../graph/value';
import { at } from '../../ops/arguments';
import type { Axes } from '../match/contract';
import type { Rolled } from './roll';
import { stacked } from './stack';
import type { Term } from './terms';

/** A signal that the model itself computes at every step. */
export interface OwnSignal {
  readonly name: string;
  readonly range: 'gate' | 'signed';
  readonly state: boolean;
  /** Of the pattern. */
  readonly term: Term;
  /** Null where all axes but the first are units: maps and the like. */
  readonly axes: Axes | null;
  readonly units: number;
}

/** What is worth seeing of a step beside its states, with what it is called. */
const activations: Readonly<Record<string, string>> = {
  Sigmoid: 'sigmoid',
  HardSigmoid: 'hard sigmoid',
  Tanh: 'tanh',
  Relu: 'relu',
  LeakyRelu: 'leaky relu',
  Elu: 'elu',
  Selu: 'selu',
  Gelu: 'gelu',
  Softplus: 'softplus',
  Softsign: 'softsign',
  Softmax: 'softmax',
  Sin: 'sin',
  Erf: 'erf',
};

/** The signals of a step that is no known cell: its states, then its activations, each called what it is. */
export function ownSignals({ repeated: { pattern, steps } }: Rolled): readonly OwnSignal[] {
  const names = new Map<string, number>();
  const named = (wish: string) => {
    const count = (names.get(wish) ?? 0) + 1;
    names.set(wish, count);
    return count === 1 ? wish : `${wish} ${count}`;
  };
  const listed = [
    ...pattern.after.map((term, i) => ({ term, wish: isMultiplied(pattern, i) ? 'h' : 'c', state: true })),
    ...pattern.inside.flatMap((term) => {
      const op = term.node?.domain === '' ? term.node.op : '';
      const wish = Object.hasOwn(activations, op) ? activations[op] : undefined;
      return wish === undefined || pattern.after.includes(term) ? [] : [{ term, wish, state: false }];
    }),
  ];
  return listed.flatMap(({ term, wish, state }): OwnSignal[] => {
    const axes = axesOf(term.value);
    const units = unitsOf(term.value, axes);
    if (units === null || !steps.every((images) => images.has(term))) return [];
    const gate = wish === 'sigmoid' || wish === 'hard sigmoid' || wish === 'softmax';
    return [{ name: named(wish), range: gate ? 'gate' : 'signed', state, term, axes, units }];
  });
}

function unitsOf({ type: { shape } }: Value, axes: Axes | null): number | null {
  const sizes = axes === null ? shape?.slice(1) : [shape?.[axes.units]];
  if (!sizes || sizes.length === 0) return null;
  return sizes.every((size) => typeof size === 'number') ? sizes.reduce((product, size) => product * size, 1) : null;
}

/** Whether weights multiply a state, wherever it stands among what they multiply: what they do not is only carried on. */
function isMultiplied({ before, after, inside }: Rolled['repeated']['pattern'], index: number): boolean {
  if (after.length === 1) return true;
  const same = new Set<Term | null>([before[index] ?? null]);
  for (const term of inside) {
    const op = term.node?.op ?? '';
    const reads = term.inputs.some((input) => same.has(input));
    if (reads && (op === 'Gemm' || op === 'MatMul' || op === 'Conv')) return true;
    if (reads && (op === 'Concat' || isLayout(op))) same.add(term);
  }
  return false;
}

const isLayout = (op: string) => /^(Cast|Flatten|Reshape|Squeeze|Transpose|Unsqueeze)$/.test(op);

/** Units are the last axis, sequences the one before it that is none of one element; null where there are more. */
export function axesOf({ type: { shape } }: Value): Axes | null {
  if (shape === null || shape.length === 0) return null;
  const rank = shape.length;
  const wide = shape.flatMap((dim, axis) => (dim === 1 || axis === rank - 1 ? [] : [axis]));
  if (wide.length > 1) return null;
  return { rank, units: rank - 1, batch: wide[0] ?? (rank > 1 ? rank - 2 : null) };
}

/** A term of the pattern at all steps, in the order of time: [steps, batch, units]. */
export function ownValues(b: Builder, { repeated, order }: Rolled, term: Term, axes: Axes | null): Value {
  const terms = order.map((step) => repeated.steps[step]?.get(term) ?? at(repeated.pattern.after, 0));
  if (axes !== null) return stacked(b, terms, axes);
  const each = terms.map(({ value }) => b.unsqueeze(value, [0]));
  return at(b.apply('Reshape', [b.concat(each, 0), b.int64s([0, 0, -1])]), 0);
}
