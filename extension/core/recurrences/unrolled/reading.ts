import { axisOf, intOf } from '../../ops/arguments';
import { toNumbers } from '../../tensor';
import type { Term } from './terms';

/** A term that holds one place along an axis of another. */
export interface Reading {
  readonly source: Term;
  readonly axis: number;
  readonly place: number;
  /** Whether the axis is still there, with one element. */
  readonly kept: boolean;
}

/** What a term reads one place of; null where it does something else. */
export function readingOf(term: Term): Reading | null {
  const { node, inputs, output } = term;
  const [source, ...others] = inputs;
  const shape = source?.value.type.shape;
  if (node?.domain !== '' || !source || !shape || source.fixed) return null;
  const axisAt = (axis: number) => axisOf(axis, shape.length);
  const [first, second, third, fourth] = others.map((other) => numbersOf(other));
  if (node.op === 'Gather') {
    const axis = axisAt(intOf(node.attributes, 'axis', 0));
    const indices = others[0]?.value.constant;
    if (first?.length !== 1 || !indices || indices.shape.length > 1) return null;
    const place = placeAt(first[0], shape[axis]);
    return place === null ? null : { source, axis, place, kept: indices.shape.length === 1 };
  }
  if (node.op === 'Slice') {
    if (first?.length !== 1 || second?.length !== 1 || (third && third.length !== 1)) return null;
    const axis = axisAt(third?.[0] ?? 0);
    const [start, end, step] = [placeAt(first[0], shape[axis]), second[0], fourth?.[0] ?? 1];
    // The last place ends where the axis does, which may be written as a number past it.
    const last = start !== null && shape[axis] === start + 1;
    if (start === null || end === undefined || step !== 1 || !(end === start + 1 || (last && end > start))) return null;
    return { source, axis, place: start, kept: true };
  }
  if (node.op === 'Split') {
    const axis = axisAt(intOf(node.attributes, 'axis', 0));
    const sizes = first ?? node.outputs.map(() => Number(shape[axis]) / node.outputs.length);
    if (!sizes.every((size) => size === 1)) return null;
    return { source, axis, place: output, kept: true };
  }
  return null;
}

function numbersOf(term: Term | null): readonly number[] | undefined {
  const constant = term?.value.constant;
  return constant && constant.data.length <= 64 ? toNumbers(constant) : undefined;
}

function placeAt(place: number | undefined, size: number | string | undefined): number | null {
  if (place === undefined) return null;
  if (place >= 0) return place;
  return typeof size === 'number' ? place + size : null;
}

/** What a whole sequence is made of, one operator up: the same places of `source` along `axis`. */
export interface Origin {
  readonly source: Term;
  readonly axis: number;
  readonly place: (place: number) => number;
  /** The operator where it computes something at every place, to be computed in the step instead. */
  readonly computes: Term | null;
}

/**
 * One operator further up from a sequence whose axis `axis` is read place by place; null where an operator mixes places, or where what
 * is read would be laid out anew. A product is looked through only where `product` allows it: one is the layer's own, the next is not.
 */
export function originOf(sequence: Term, axis: number, product: boolean): Origin | null {
  const { node, inputs, value } = sequence;
  const rank = value.type.shape?.length;
  if (node?.domain !== '' || rank === undefined) return null;
  const same = { axis, place: (place: number) => place };
  const [first, second] = inputs;
  if (node.op === 'Transpose' && first) {
    const attribute = node.attributes['perm'];
    const perm = attribute?.kind === 'ints' ? attribute.value : [];
    const from = perm[axis];
    const others = perm.filter((_, i) => i !== axis);
    if (from === undefined || others.some((other, i) => i > 0 && other < (others[i - 1] ?? 0))) return null;
    return { ...same, source: first, axis: from, computes: null };
  }
  if (node.op === 'Slice' && first) return flipped(sequence, first, axis);
  if (!product) return null;
  if (node.op === 'MatMul' && first && second?.fixed && !first.fixed) {
    const known = first.value.type.shape !== null && second.value.type.shape?.length === 2;
    return known && axis < rank - 1 ? { ...same, source: first, computes: sequence } : null;
  }
  if (node.op !== 'Add' || !first || !second || first.fixed === second.fixed) return null;
  const [varying, bias] = first.fixed ? [second, first] : [first, second];
  const covers = bias.value.type.shape?.length ?? rank;
  const whole = varying.value.type.shape?.length === rank && covers < rank - axis;
  return whole ? { ...same, source: varying, computes: sequence } : null;
}

/** A sequence back to front, or from some place on. */
function flipped({ inputs }: Term, source: Term, axis: number): Origin | null {
  const [start, end, axes, step] = inputs.slice(1).map((input) => (input === null ? undefined : numbersOf(input)));
  const size = source.value.type.shape?.[axis];
  const rank = source.value.type.shape?.length ?? 0;
  if (start?.length !== 1 || end?.length !== 1 || axisOf(axes?.[0] ?? 0, rank) !== axis) return null;
  const [from, by] = [start[0] ?? 0, step?.[0] ?? 1];
  if (typeof size !== 'number') return null;
  const first = Math.min(from < 0 ? from + size : from, by < 0 ? size - 1 : size);
  return { source, axis, place: (place) => first + by * place, computes: null };
}
