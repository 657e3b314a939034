import { toNumbers } from '../../tensor';
import type { Images, Pattern } from './pattern';
import type { Term } from './terms';

// A recurrence that begins with zeros often has a first step of its own: whoever exported it has worked out what zeros make. Products
// with the state are their biases or are gone, so is what a gate lets through of it.

/**
 * The step that leaves the states `after` where it begins with zeros, some of which were worked out: for what there is of the
 * pattern, its likes. Null where it is no such step.
 */
export function stepFromZeros(pattern: Pattern, after: readonly Term[]): Images | null {
  const matching = new ZeroStep(pattern);
  return pattern.after.every((term, i) => matching.is(term, after[i])) ? matching.images : null;
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

class ZeroStep {
  readonly images = new Map<Term, Term>();
  private readonly states: ReadonlySet<Term>;
  private readonly leaves: ReadonlySet<Term>;
  private readonly zeros = new Map<Term, boolean>();

  constructor(pattern: Pattern) {
    this.states = new Set(pattern.before);
    this.leaves = new Set(pattern.leaves);
  }

  /** Whether `term` of the pattern is `image` where all states are zeros. */
  is(term: Term, image: Term | null | undefined): boolean {
    if (!image) return false;
    const known = this.images.get(term);
    if (known !== undefined) return known === image;
    if (this.states.has(term)) return isZero(image);
    if (this.leaves.has(term)) return this.found(term, image);
    if (term.fixed) return term === image || sameNumbers(term, image);
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

  private found(term: Term, image: Term): boolean {
    this.images.set(term, image);
    return true;
  }

  /** Whether `image` is what is left of `term`. */
  private isWorkedOut(term: Term, image: Term): boolean {
    const [left, right, bias] = term.inputs;
    const op = term.node?.op ?? '';
    if (this.vanishes(term)) return isZero(image);
    if (op === 'Add' && left && right) {
      if (this.vanishes(left)) return this.is(right, image);
      if (this.vanishes(right)) return this.is(left, image);
    }
    if (op === 'Sub' && left && right && this.vanishes(right)) return this.is(left, image);
    if (op === 'Gemm' && bias && this.vanishes(left)) return this.is(bias, image) || sameNumbers(bias, image);
    if (
      keepsZeros.has(op) &&
      left &&
      op !== 'Relu' &&
      op !== 'Neg' &&
      op !== 'Tanh' &&
      op !== 'Slice' &&
      op !== 'Split'
    ) {
      return this.is(left, image);
    }
    // Made of constants alone, it is one now: which, the comparison of a trace with the model tells.
    return image.fixed && this.isConstant(term);
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
    if (term.fixed || this.vanishes(term)) return true;
    return !this.leaves.has(term) && term.inputs.every((input) => input === null || this.isConstant(input));
  }
}

/** Whether two constants hold the same numbers, the one as often as it fits into the other: a bias, for every sequence of a batch. */
function sameNumbers(term: Term, image: Term): boolean {
  const [few, many] = [term.value.constant?.data, image.value.constant?.data];
  if (few === undefined || many === undefined || few.length === 0 || many.length % few.length !== 0) return false;
  return many.every((entry, i) => entry === few[i % few.length]);
}
