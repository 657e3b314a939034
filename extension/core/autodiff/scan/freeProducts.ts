import { sameShape } from '../../graph/broadcast';
import type { Value } from '../../graph/value';
import { at, axisOf, intOf } from '../../ops/arguments';
import type { Rewriter } from './rewriter';

/**
 * Products of free values, brought into the form with the least work. A product is kept as the list of its factors:
 *
 * - two factors whose product the forward step has made are replaced by it: σ'(a)·g with i = σ(a) is (i·g)·(1 − i);
 * - a·(1 − y²) is a − (a·y)·y where the forward step has made a·y, which saves a pass;
 * - [a ; b]·s is [a·s₁ ; b·s₂] where the parts of s are at hand, so that the first rule finds them.
 */
export class FreeProducts {
  private readonly factors = new Map<Value, readonly Value[]>();

  constructor(private readonly w: Rewriter) {}

  mul(x: Value, y: Value): Value {
    if (!sameShape(x.type.shape, y.type.shape)) return this.w.op('Mul', x, y);
    return (
      this.distributed(x, y) ?? this.distributed(y, x) ?? this.product([...this.factorsOf(x), ...this.factorsOf(y)])
    );
  }

  private factorsOf(value: Value): readonly Value[] {
    return this.factors.get(value) ?? [value];
  }

  private product(factors: readonly Value[]): Value {
    const list = this.shortened(factors);
    const result = list.reduce((product, factor) => this.w.op('Mul', product, factor));
    if (list.length > 1) this.factors.set(result, list);
    return result;
  }

  private shortened(factors: readonly Value[]): readonly Value[] {
    for (const [i, x] of factors.entries()) {
      for (const [k, y] of factors.entries()) {
        if (k <= i) continue;
        const one = this.w.forwardResult('Mul', x, y) ?? this.withoutSquare(x, y) ?? this.withoutSquare(y, x);
        if (one === null) continue;
        return this.shortened(factors.flatMap((factor, n) => (n === i ? [one] : n === k ? [] : [factor])));
      }
    }
    return factors;
  }

  /** a·(1 − y²) as a − (a·y)·y, where a·y is at hand. */
  private withoutSquare(a: Value, complement: Value): Value | null {
    const [one, square] = this.operands('Sub', complement);
    if (!one || !square || !isOne(one)) return null;
    const [y, again] = this.operands('Mul', square);
    const product = y && y === again ? this.w.forwardResult('Mul', a, y) : null;
    return y && product ? this.w.op('Sub', a, this.w.op('Mul', product, y)) : null;
  }

  private operands(op: string, value: Value): readonly (Value | null)[] {
    const node = this.w.maker(value);
    return node?.op === op ? node.inputs : [];
  }

  /** [a ; b]·s as [a·s₁ ; b·s₂], where `joined` is [a ; b] and the parts of s are at hand. */
  private distributed(joined: Value, other: Value): Value | null {
    const node = this.w.maker(joined);
    if (node?.op !== 'Concat') return null;
    const parts = node.inputs.filter((input) => input !== null);
    const axis = axisOf(intOf(node.attributes, 'axis', 0), joined.type.shape?.length ?? 0);
    const cut = this.cut(
      other,
      axis,
      parts.map(({ type }) => Number(type.shape?.[axis])),
    );
    if (cut === null) return null;
    return this.w.concat(
      parts.map((part, i) => this.mul(part, at(cut, i))),
      axis,
    );
  }

  /** The parts of a free value along an axis, where they can be had without cutting. */
  private cut(value: Value, axis: number, sizes: readonly number[]): readonly Value[] | null {
    const shape = value.type.shape ?? [];
    if (shape.length === 0 || shape[axis] === 1) return sizes.map(() => value);
    const fits = (outputs: readonly (Value | null)[]): outputs is readonly Value[] =>
      outputs.length === sizes.length && outputs.every((output, i) => output?.type.shape?.[axis] === sizes[i]);
    const alongAxis = (node: Parameters<typeof intOf>[0]) => axisOf(intOf(node, 'axis', 0), shape.length) === axis;

    const split = this.w
      .forwardSplitsOf(value)
      .find(({ attributes, outputs }) => alongAxis(attributes) && fits(outputs));
    if (split !== undefined) return split.outputs.filter((output) => output !== null);
    const node = this.w.maker(value);
    if (node === undefined) return null;
    if (node.op === 'Concat') return alongAxis(node.attributes) && fits(node.inputs) ? node.inputs : null;
    if (!['Mul', 'Add', 'Sub', 'Neg'].includes(node.op)) return null;
    const inputs = node.inputs.map((input) => (input === null ? null : this.cut(input, axis, sizes)));
    if (!inputs.every((parts) => parts !== null)) return null;
    return sizes.map((_, i) => {
      const [x, y] = inputs.map((parts) => at(parts, i));
      if (node.op === 'Mul' && x && y) return this.mul(x, y);
      return this.w.op(node.op, ...[x, y].filter((part) => part !== undefined));
    });
  }
}

/** Whether a value is the constant one. */
const isOne = ({ constant }: Value) =>
  constant !== null && constant.data.length === 1 && Number(constant.data[0]) === 1;
