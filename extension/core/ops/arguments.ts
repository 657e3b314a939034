import { UnrollError } from '../../protocol/errors';
import type { Attributes } from '../graph/graph';
import type { Dim, Value } from '../graph/value';
import { toNumbers } from '../tensor';
import { type Application, knownShape } from './operator';

// How operators read their inputs and attributes: each refuses what does not fit with the operator's name.

/** Input `i`, which must be there. */
export function inputOf(op: string, { inputs }: Pick<Application, 'inputs'>, i: number): Value {
  const value = inputs[i];
  if (value === null || value === undefined) throw new UnrollError('model', '{0} lacks its input {1}.', op, i);
  return value;
}

/** The shape of a value, of which at least the rank must be known. */
export function shapeOf(op: string, value: Value): readonly Dim[] {
  if (value.type.shape === null) throw new UnrollError('model', '{0} needs to know the rank of "{1}".', op, value.name);
  return value.type.shape;
}

/** The shape of a value that must be wholly known. */
export function staticShape(op: string, value: Value): readonly number[] {
  const shape = knownShape(value.type.shape);
  if (shape === null) throw new UnrollError('model', '{0} needs to know the whole shape of "{1}".', op, value.name);
  return shape;
}

/** The numbers of an input that must be a constant, or null where the input is left out. */
export function constantOf(op: string, { inputs }: Pick<Application, 'inputs'>, i: number): number[] | null {
  const value = inputs[i];
  if (value === null || value === undefined) return null;
  if (value.constant === null) throw new UnrollError('model', '{0} needs its input {1} to be a constant.', op, i);
  return toNumbers(value.constant);
}

/** The numbers of an input that must be there and constant. */
export function requiredConstant(op: string, application: Pick<Application, 'inputs'>, i: number): number[] {
  const numbers = constantOf(op, application, i);
  if (numbers === null) throw new UnrollError('model', '{0} lacks its input {1}.', op, i);
  return numbers;
}

export function intOf(attributes: Attributes, name: string, otherwise: number): number {
  const attribute = attributes[name];
  return attribute?.kind === 'int' ? attribute.value : otherwise;
}

export function floatOf(attributes: Attributes, name: string, otherwise: number): number {
  const attribute = attributes[name];
  return attribute?.kind === 'float' ? attribute.value : otherwise;
}

export function intsOf(attributes: Attributes, name: string): readonly number[] | null {
  const attribute = attributes[name];
  return attribute?.kind === 'ints' ? attribute.value : null;
}

/** An axis counted from the front. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The one item of a list that must have exactly one. */
export function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length !== 1)
    throw new UnrollError('internal', 'Expected one value, got {0}.', items.length);
  return item;
}

/** The item at an index that must be there. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new UnrollError('internal', 'There is no item {0} among {1}.', index, items.length);
  return item;
}

/** Ends a slice that takes all there is, however much. */
export const toTheEnd = 2 ** 31 - 1;
