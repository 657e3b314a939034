import type { Node } from '../../graph/graph';
import type { Dim, Value } from '../../graph/value';
import { axisOf, intOf } from '../../ops/arguments';
import { sizeOf, toNumbers } from '../../tensor';

/** Whole numbers as far as they are known: a number, the name of a free dimension, or null. */
export type Sizes = readonly (Dim | null)[];

/** What is asked of the inputs of a node whose outputs are sizes. */
export interface SizeInput {
  readonly value: Value;
  readonly sizes: Sizes | null;
}

/** Longer lists are no sizes. */
const longest = 64;

/** The whole numbers of a constant; null where it is none, or long. */
export function sizesOfConstant({ constant }: Value): Sizes | null {
  // Weights are not asked for what they hold, which may still lie in the file.
  if (constant === null || sizeOf(constant.shape) > longest) return null;
  const { dtype } = constant;
  return dtype.startsWith('int') || dtype === 'bool' ? toNumbers(constant) : null;
}

/**
 * The whole numbers that a node gives out, where they follow from shapes and constants: exporters calculate sizes and bounds with the
 * operators of the model itself. Null where nothing is known.
 */
export function sizesOf({ op, domain, attributes }: Node, inputs: readonly (SizeInput | null)[]): Sizes | null {
  if (domain !== '') return null;
  const [first, second] = inputs;
  if (!first) return null;
  if (op === 'Shape') {
    const { shape } = first.value.type;
    return shape?.slice(intOf(attributes, 'start', 0), intOf(attributes, 'end', shape.length)) ?? null;
  }
  const own = first.sizes;
  if (own === null) return null;
  if (op === 'Cast' || op === 'Squeeze' || op === 'Unsqueeze' || op === 'Reshape') return own;
  if (op === 'Not') return own.map((entry) => (typeof entry === 'number' ? Number(entry === 0) : null));
  if (op === 'Concat') {
    const parts = inputs.map((input) => input?.sizes ?? null);
    return parts.every((part) => part !== null) ? parts.flat().slice(0, longest + 1) : null;
  }
  if (op === 'Gather') return second?.sizes?.map((place) => entryAt(own, place)) ?? null;
  if (op === 'Slice') {
    const [starts, ends, axes, steps] = inputs.slice(1).map((input) => onlyNumber(input?.sizes));
    if (typeof starts !== 'number' || typeof ends !== 'number' || (axes ?? 0) !== 0 || (steps ?? 1) !== 1) return null;
    return own.slice(starts, ends);
  }
  const operation = Object.hasOwn(operations, op) ? operations[op] : undefined;
  const other = second?.sizes;
  if (operation === undefined || !other || (own.length !== other.length && own.length !== 1 && other.length !== 1)) {
    return null;
  }
  return Array.from({ length: Math.max(own.length, other.length) }, (_, i) => {
    const [left, right] = [own[own.length === 1 ? 0 : i], other[other.length === 1 ? 0 : i]];
    return typeof left === 'number' && typeof right === 'number' ? operation(left, right) : null;
  });
}

const operations: Readonly<Record<string, (left: number, right: number) => number | null>> = {
  Add: (left, right) => left + right,
  Sub: (left, right) => left - right,
  Mul: (left, right) => left * right,
  Div: (left, right) => (right === 0 ? null : Math.trunc(left / right)),
  Min: Math.min,
  Max: Math.max,
  Equal: (left, right) => Number(left === right),
  Greater: (left, right) => Number(left > right),
  GreaterOrEqual: (left, right) => Number(left >= right),
  Less: (left, right) => Number(left < right),
  LessOrEqual: (left, right) => Number(left <= right),
  And: (left, right) => Number(left !== 0 && right !== 0),
  Or: (left, right) => Number(left !== 0 || right !== 0),
};

const entryAt = (sizes: Sizes, place: Dim | null) =>
  typeof place === 'number' ? (sizes[axisOf(place, sizes.length)] ?? null) : null;

/** The one number of a list; undefined where the list is left out, null where it holds something else. */
function onlyNumber(sizes: Sizes | null | undefined): number | null | undefined {
  if (sizes === undefined) return undefined;
  const [only] = sizes ?? [];
  return sizes?.length === 1 && typeof only === 'number' ? only : null;
}
