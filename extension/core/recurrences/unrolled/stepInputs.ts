import type { Builder } from '../../graph/builder';
import type { Value } from '../../graph/value';
import { at } from '../../ops/arguments';
import type { Images } from './pattern';
import { originOf, readingOf } from './reading';
import type { StepWriter } from './stepWriter';
import type { Term } from './terms';

/** What a step reads of a sequence. */
export interface StepSequence {
  /** In the step: one place, without the axis of the steps. */
  readonly input: Value;
  /** Where the places are: along one axis of a value of the graph, or values of their own. One a step, in the order of the steps. */
  readonly from:
    | { readonly kind: 'axis'; readonly source: Term; readonly axis: number; readonly places: readonly number[] }
    | { readonly kind: 'terms'; readonly terms: readonly Term[] };
}

/** Operators that are part of a layer where they stand between a sequence and its steps: its own product, and mere changes of layout. */
const pulled: ReadonlySet<string> = new Set([
  'Add',
  'Cast',
  'Concat',
  'Gemm',
  'MatMul',
  'Mul',
  'Reshape',
  'Slice',
  'Split',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);
/** More operators than this do not stand between a sequence and the product of a layer. */
const deepest = 32;
const isProduct = (op: string) => op === 'Gemm' || op === 'MatMul';

/** The leaves of a pattern, each followed up to the sequence that it is read from. */
export class StepInputs {
  readonly sequences: StepSequence[] = [];
  private readonly known = new Map<Term, Value>();
  private readonly byKey = new Map<string, Value>();
  /** How many operators are being followed up at the moment. */
  private depth = 0;

  constructor(
    private readonly b: Builder,
    private readonly writer: StepWriter,
    private readonly steps: readonly Images[],
    /** The step that the pattern is. */
    private readonly own: number,
    /** Whether a term is part of a step of another recurrence: those are read as they are. */
    private readonly isOthers: (term: Term) => boolean,
  ) {}

  /** What stands for a leaf of the pattern in the step. */
  resolve(leaf: Term): Value {
    return this.follow(
      leaf,
      this.steps.map((images) => images.get(leaf)),
      true,
    );
  }

  /** `terms` are what stands at each step where `term` stands in the pattern; a first step may lack it. */
  private follow(term: Term, terms: readonly (Term | undefined)[], product: boolean): Value {
    const known = this.known.get(term);
    if (known !== undefined) return known;
    const value = this.found(term, terms, product);
    this.known.set(term, value);
    return value;
  }

  private found(term: Term, terms: readonly (Term | undefined)[], product: boolean): Value {
    if (terms.every((other) => other === undefined || other === term)) return term.value;
    this.depth++;
    const pulled = this.read(terms, product) ?? (this.depth > deepest ? null : this.pull(term, terms, product));
    this.depth--;
    return pulled ?? this.stack(terms);
  }

  /** A place of a sequence at each step. */
  private read(terms: readonly (Term | undefined)[], product: boolean): Value | null {
    const readings = terms.map((term) => (term === undefined ? undefined : readingOf(term)));
    const one = readings[this.own];
    if (!one || readings.some((reading) => reading === null)) return null;
    const same = readings.every(
      (reading) =>
        !reading || (reading.source === one.source && reading.axis === one.axis && reading.kept === one.kept),
    );
    const places = same ? filled(readings.map((reading) => reading?.place)) : null;
    if (places === null) return null;
    const value = this.sequence(one.source, one.axis, places, product);
    return one.kept ? this.b.unsqueeze(value, [one.axis]) : value;
  }

  /** The place of a sequence in the step: what is computed for the whole sequence is computed in the step. */
  private sequence(source: Term, axis: number, places: readonly number[], product: boolean): Value {
    const origin = this.isOthers(source) || this.depth > deepest ? null : originOf(source, axis, product);
    if (origin !== null) {
      this.depth++;
      const { computes } = origin;
      const left = product && !(computes && isProduct(computes.node?.op ?? ''));
      const value = this.sequence(origin.source, origin.axis, places.map(origin.place), left);
      this.depth--;
      if (computes === null) return value;
      this.writer.pulled.add(computes);
      return this.computed(computes, origin.source, value);
    }
    const key = `${source.id} ${axis} ${places.join()}`;
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const { dtype, shape } = source.value.type;
    const input = this.b.graph.input(source.value.name, {
      dtype,
      shape: shape?.filter((_, i) => i !== axis) ?? null,
    });
    this.byKey.set(key, input);
    this.sequences.push({ input, from: { kind: 'axis', source, axis, places } });
    return input;
  }

  /** One place of what an operator computes for a whole sequence. */
  private computed({ node, inputs }: Term, source: Term, place: Value): Value {
    const operands = inputs.map((input) => (input === source ? place : (input?.value ?? null)));
    return at(this.b.apply(node?.op ?? '', operands, node?.attributes ?? {}), 0);
  }

  /** An operator with the same weights at each step is part of it. */
  private pull(term: Term, terms: readonly (Term | undefined)[], product: boolean): Value | null {
    const op = term.node?.op ?? '';
    const multiplies = isProduct(op);
    if (term.node?.domain !== '' || !pulled.has(op) || (multiplies && !product)) return null;
    const alike = terms.every(
      (other) =>
        other === undefined ||
        (other.does === term.does && !this.isOthers(other) && other.inputs.length === term.inputs.length),
    );
    const varying = term.inputs.filter((input) => input !== null && !input.fixed);
    const fixed = term.inputs.every(
      (input, i) => input === null || !input.fixed || terms.every((other) => !other || other.inputs[i] === input),
    );
    if (!alike || !fixed || varying.length === 0 || (op !== 'Concat' && varying.length > 1)) return null;
    const inputs = term.inputs.map((input, i) => {
      if (input === null || input.fixed) return input?.value ?? null;
      return this.follow(
        input,
        terms.map((other) => other?.inputs[i] ?? undefined),
        product && !multiplies,
      );
    });
    for (const other of terms) if (other !== undefined) this.writer.pulled.add(other);
    return this.writer.write(term, inputs);
  }

  /** Values of their own, one after the other. */
  private stack(terms: readonly (Term | undefined)[]): Value {
    const own = at(terms, this.own) as Term;
    // What a first step from zeros has no use for, it does not read; the next step's stands for it.
    const all = terms.map((term, i) => term ?? terms.slice(i).find((other) => other !== undefined) ?? own);
    const key = all.map(({ id }) => id).join();
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const input = this.b.graph.input(own.value.name, own.value.type);
    this.byKey.set(key, input);
    this.sequences.push({ input, from: { kind: 'terms', terms: all } });
    return input;
  }
}

/** Places that follow one another evenly, where the first may be left out; null for any others. */
function filled(places: readonly (number | undefined)[]): readonly number[] | null {
  const [second, third] = places.slice(1);
  if (second === undefined || third === undefined || second === third) return null;
  const by = third - second;
  const even = places.map((_, i) => second + (i - 1) * by);
  return places.every((place, i) => place === undefined || place === even[i]) && (even[0] ?? -1) >= 0 ? even : null;
}
