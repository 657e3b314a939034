import { UnrollError } from '../../protocol/errors';
import { broadcast } from '../graph/broadcast';
import { text } from '../graph/builder';
import type { Attributes } from '../graph/graph';
import type { Dim } from '../graph/value';
import { at, inputOf, shapeOf } from './arguments';
import type { Application, Operator } from './operator';

/** The axes of every operand and of the result, a letter each. */
interface Equation {
  readonly operands: readonly string[];
  readonly result: string;
}

/** Reads an equation. Repeated letters in one operand and axes without letters have no rule. */
function equationOf(attributes: Attributes): Equation {
  const attribute = attributes['equation'];
  const equation = attribute?.kind === 'string' ? attribute.value.replaceAll(' ', '') : '';
  const [left = '', right] = equation.split('->');
  const operands = left.split(',');
  const letters = [...left.replaceAll(',', '')];
  const isPlain = /^[A-Za-z,]+(->[A-Za-z]*)?$/.test(equation);
  if (!isPlain || operands.some((term) => new Set(term).size < term.length)) {
    throw new UnrollError('model', 'Einsum has no rule for the equation "{0}".', equation);
  }
  // Without a result the letters that occur once make it, in the order of the alphabet.
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  return { operands, result: right ?? once.sort().join('') };
}

function sizesOf(application: Pick<Application, 'inputs'>, { operands }: Equation): ReadonlyMap<string, Dim> {
  const sizes = new Map<string, Dim>();
  operands.forEach((term, i) => {
    const shape = shapeOf('Einsum', inputOf('Einsum', application, i));
    [...term].forEach((letter, axis) => {
      const [size = 1] = broadcast([sizes.get(letter) ?? 1], [shape[axis] ?? 1]);
      sizes.set(letter, size);
    });
  });
  return sizes;
}

/** Σ of products over the letters that the result does not have. */
export const einsum: Operator = {
  name: 'Einsum',
  infer(application) {
    const equation = equationOf(application.attributes);
    const sizes = sizesOf(application, equation);
    const shape = [...equation.result].map((letter) => sizes.get(letter) ?? 1);
    return [{ dtype: inputOf('Einsum', application, 0).type.dtype, shape }];
  },
  // The same sum with the cotangent in the operand's place and the operand's letters as the result.
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    if (d === null) return;
    const equation = equationOf(node.attributes);
    const sizes = sizesOf(node, equation);
    const { operands, result } = equation;
    operands.forEach((term, i) => {
      const input = node.inputs[i];
      if (!wants(input)) return;
      const others = operands.flatMap((other, k) => (k === i ? [] : [{ other, value: inputOf('Einsum', node, k) }]));
      const given = [result, ...others.map(({ other }) => other)];
      // A letter that only this operand has was summed away: its gradient is the same at all its places.
      const known = [...term].filter((letter) => given.some((other) => other.includes(letter)));
      const swapped = { equation: text(`${given.join(',')}->${known.join('')}`) };
      const gradient = at(b.apply('Einsum', [d, ...others.map(({ value }) => value)], swapped), 0);
      const missing = [...term].flatMap((letter, axis) => (known.includes(letter) ? [] : [axis]));
      const shaped = missing.length === 0 ? gradient : b.unsqueeze(gradient, missing);
      contribute(
        input,
        b.expand(
          shaped,
          [...term].map((letter) => Number(sizes.get(letter))),
        ),
      );
    });
  },
};
