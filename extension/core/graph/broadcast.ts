import { UnrollError } from '../../protocol/errors';
import type { Dim } from './value';

/**
 * The shape that two shapes broadcast to, by ONNX's multidirectional rule: right-aligned, a 1 stretches.
 * A free dimension beside a number is taken to be that number.
 */
export function broadcast(a: readonly Dim[], b: readonly Dim[]): readonly Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    if (x === 1) return y;
    if (y === 1 || x === y) return x;
    if (typeof x === 'string') return y;
    if (typeof y === 'string') return x;
    throw new UnrollError('model', 'Shapes [{0}] and [{1}] do not fit together.', a.join(', '), b.join(', '));
  });
}

/** Whether two shapes are the same. */
export function sameShape(a: readonly Dim[] | null, b: readonly Dim[] | null): boolean {
  return a !== null && b !== null && a.length === b.length && a.every((dim, i) => dim === b[i]);
}
