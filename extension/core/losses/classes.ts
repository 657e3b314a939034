import { UnrollError } from '../../protocol/errors';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';

/** 1 at each class and 0 elsewhere, of the type of `like`: `classes` int32 […, batch] to […, count, batch]. */
export function oneHot(b: Builder, classes: Value, count: number, axis: number, like: Value): Value {
  const numbers = b.int32s(
    [count, 1],
    Array.from({ length: count }, (_, i) => i),
  );
  return b.cast(b.equal(b.unsqueeze(classes, [axis]), numbers), like.type.dtype);
}

/** Refuses class weights that are not one a class. */
export function requireClasses(weights: readonly number[], classes: number): void {
  if (weights.length === classes) return;
  throw new UnrollError('model', 'There are {0} class weights for {1} classes.', weights.length, classes);
}
