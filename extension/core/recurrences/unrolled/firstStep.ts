import { toNumbers } from '../../tensor';
import type { Constants } from '../numeric/constants';
import { applyNode } from '../numeric/evaluate';
import { made, NotNumeric, type Numbers } from '../numeric/numbers';
import type { Images, Pattern } from './pattern';
import type { Term } from './terms';

// A recurrence that begins with zeros often has a first step of its own: whoever exported it has worked out what zeros make. Products
// with the state are their biases or are gone, so is what a gate lets through of it.

/** A first step: for what there is of the pattern, its likes; and what it begins with, null where that are zeros that are gone. */
export interface FirstStep {
  readonly images: Images;
  readonly initial: readonly Term[] | null;
}

/**
 * The step that leaves the states `after` where it begins with constants, of which something was worked out. Null where it is no such step.
 */
export function firstStep(pattern: Pattern, after: readonly Term[], constants: Constants): FirstStep | null {
  const matching = new ConstantStep(pattern, constants);
  if (!pattern.after.every((term, i) => matching.is(term, after[i]))) return null;
  const { images, vanished, unknown } = matching;
  // What is left of a sum alone might be anything.
  if (!pattern.inside.some((term) => images.has(term))) return null;
  const initial = pattern.before.flatMap((state) => images.get(state) ?? []);
  if (initial.length === pattern.before.length && !(vanished && !initial.every(isZero))) return { images, initial };
  return initial.every(isZero) && !unknown ? { images, initial: null } : null;
}

/** Whether a term is known to hold nothing but zeros. */
export function isZero(term: Term | null | undefined): boolean {
  // Without recursion: a chain of such operators may be longer than the stack is deep.
  for (let at = term; at; at = at.inputs[0]) {
    const { node } = at;
    const { constant } = at.value;
    if (constant !== null) return constant.data.every((entry) => Number(entry) === 0);
    if (node?.domain !== '') return false;
    if (node.op === 'ConstantOfShape') {
      const attribute = node.attributes['value'];
      return attribute?.kind !== 'tensor' || toNumbers(attribute.value).every((entry) => entry === 0);
    }
    if (!keepsZeros.has(node.op)) return false;
  }
  return false;
}

/** Operators that make zeros of zeros, whatever else they read. */
const keepsZeros: ReadonlySet<string> = new Set([
  'Cast',
  'Expand',
  'Flatten',
  'Gather',
  'Neg',
  'Relu',
  'Reshape',
  'Slice',
  'Split',
  'Squeeze',
  'Tanh',
  'Tile',
  'Transpose',
  'Unsqueeze',
]);

/** Of those, the ones whose absence changes no number where what they lay out is a bias. */
const reshaping: ReadonlySet<string> = new Set([
  'Cast',
  'Expand',
  'Flatten',
  'Reshape',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** So many pairs of terms are compared at most. */
const mostTries = 2 ** 15;

class ConstantStep {
  /** Whether anything is as it is because the states are zeros. */
  vanished = false;
  /** Whether anything is a constant that zeros do not make. */
  unknown = false;
  readonly images = new Map<Term, Term>();
  private readonly states: ReadonlySet<Term>;
  private readonly leaves: ReadonlySet<Term>;
  private readonly zeros = new Map<Term, boolean>();
  private readonly constant = new Map<Term, boolean>();
  private readonly made = new Map<Term, Numbers | null>();
  private tried = 0;

  constructor(
    pattern: Pattern,
    private readonly constants: Constants,
  ) {
    this.states = new Set(pattern.before);
    this.leaves = new Set(pattern.leaves);
  }

  /** Whether `term` of the pattern is `image` where all states are constants. */
  is(term: Term, image: Term | null | undefined): boolean {
    // Sums can be taken apart in more ways than anybody writes.
    if (!image || ++this.tried > mostTries) return false;
    const known = this.images.get(term);
    if (known !== undefined) return known === image;
    if (this.states.has(term)) return image.fixed && this.found(term, image);
    if (this.leaves.has(term)) return this.found(term, image);
    if (term.fixed) return term === image || this.areAlike(term, image);
    if (term.does === image.does && term.inputs.length === image.inputs.length) {
      const before = new Map(this.images);
      const alike = term.inputs.every((input, i) =>
        input === null ? !image.inputs[i] : this.is(input, image.inputs[i]),
      );
      if (alike) return this.found(term, image);
      this.images.clear();
      for (const [key, value] of before) this.images.set(key, value);
    }
    return this.isWorkedOut(term, image);
  }

  private areAlike(term: Term, image: Term): boolean {
    const [ours, theirs] = [this.numbersOf(term), image.fixed ? this.numbersOf(image) : null];
    return ours !== null && theirs !== null && sameNumbers(ours, theirs);
  }

  private found(term: Term, image: Term): boolean {
    this.images.set(term, image);
    return true;
  }

  /** Whether `image` is what is left of `term`. */
  private isWorkedOut(term: Term, image: Term): boolean {
    const [left, right, bias] = term.inputs;
    const op = term.node?.op ?? '';
    if (this.vanishes(term) && isZero(image)) {
      this.vanished = true;
      return true;
    }
    if (op === 'Add' && left && right) {
      if (this.vanishes(left) && this.without(right, image)) return true;
      if (this.vanishes(right) && this.without(left, image)) return true;
    }
    if (op === 'Sub' && left && right && this.vanishes(right) && this.without(left, image)) return true;
    if (op === 'Gemm' && bias && this.vanishes(left) && this.without(bias, image)) return true;
    if (reshaping.has(op) && left && this.is(left, image)) return true;
    if (!image.fixed || !this.isConstant(term)) return false;
    const [ours, theirs] = [this.fromZeros(term), this.numbersOf(image)];
    if (ours !== null && theirs !== null && sameNumbers(ours, theirs)) this.vanished = true;
    else this.unknown = true;
    return true;
  }

  /** Whether `image` is the other part of a sum, one part of which is zeros. */
  private without(other: Term, image: Term): boolean {
    const left = this.is(other, image);
    if (left) this.vanished = true;
    return left;
  }

  /** What zeros make of a term of the pattern that nothing else plays a part in; null where that cannot be said. */
  private fromZeros(term: Term): Numbers | null {
    const known = this.made.get(term);
    if (known !== undefined) return known;
    const numbers = this.computed(term);
    this.made.set(term, numbers);
    return numbers;
  }

  private computed(term: Term): Numbers | null {
    if (term.fixed) return this.numbersOf(term);
    const { node, inputs, output } = term;
    if (this.states.has(term)) {
      return made((term.value.type.shape ?? []).map((dim) => (typeof dim === 'number' ? dim : 1)));
    }
    if (node === null) return null;
    const operands: (Numbers | null)[] = [];
    for (const input of inputs) {
      const operand = input === null ? null : this.fromZeros(input);
      if (input !== null && operand === null) return null;
      operands.push(operand);
    }
    try {
      return applyNode(node, operands)[output] ?? null;
    } catch (error) {
      if (error instanceof NotNumeric) return null;
      throw error;
    }
  }

  private numbersOf({ value, node, output }: Term): Numbers | null {
    return this.constants(node?.outputs[output] ?? value);
  }

  /** Whether a term of the pattern is zeros where all states are. */
  private vanishes(term: Term | null | undefined): boolean {
    if (!term) return false;
    const known = this.zeros.get(term);
    if (known !== undefined) return known;
    const zero = this.states.has(term) || isZero(term) || (!this.leaves.has(term) && this.multiplies(term));
    this.zeros.set(term, zero);
    return zero;
  }

  private multiplies({ node, inputs: [left, right, bias] }: Term): boolean {
    const op = node?.op ?? '';
    if (op === 'MatMul' || op === 'Mul') return this.vanishes(left) || this.vanishes(right);
    if (op === 'Gemm') return this.vanishes(left) && (!bias || isZero(bias));
    if (op === 'Add' || op === 'Sub') return this.vanishes(left) && this.vanishes(right);
    return keepsZeros.has(op) && this.vanishes(left);
  }

  /** Whether nothing that the step reads plays a part in a term where all states are zeros. */
  private isConstant(term: Term): boolean {
    const known = this.constant.get(term);
    if (known !== undefined) return known;
    const constant =
      term.fixed ||
      this.vanishes(term) ||
      (!this.leaves.has(term) && term.inputs.every((input) => input === null || this.isConstant(input)));
    this.constant.set(term, constant);
    return constant;
  }
}

/** Whether two constants hold the same numbers, the one as often as it fits into the other: a bias, for every sequence of a batch. */
function sameNumbers({ data: few }: Numbers, { data: many }: Numbers): boolean {
  if (few.length === 0 || many.length % few.length !== 0) return false;
  return many.every((entry, i) => Math.abs(entry - (few[i % few.length] ?? Number.NaN)) < 1e-5);
}
