import type { CutStep } from './cut';
import type { Term, Terms } from './terms';

/** One step, which the others are compared with. */
export interface Pattern extends CutStep {
  /** What is computed from the states, in the order of execution. */
  readonly inside: readonly Term[];
  /** What the step reads and does not compute, in the order of execution: neither a state nor fixed. */
  readonly leaves: readonly Term[];
}

/** For the terms of a pattern, their likes in another step. A term whose like was left out has none. */
export type Images = ReadonlyMap<Term, Term>;

/** A larger step is not compared with any other. */
const largest = 4096;

/** All that leads from the states before a step to those after it; null where that is too much. */
export function patternOf(terms: Terms, { before, after }: CutStep): Pattern | null {
  const states = new Set(before);
  const dependent = new Set<Term>(before);
  const from = Math.min(...before.map(({ id }) => id));
  const to = Math.max(...after.map(({ id }) => id));
  for (const term of terms.list.slice(from, to + 1)) {
    if (term.inputs.some((input) => input !== null && dependent.has(input))) dependent.add(term);
  }
  const inside = new Set<Term>();
  const leaves = new Set<Term>();
  const left = [...after];
  for (let term = left.pop(); term !== undefined; term = left.pop()) {
    if (inside.has(term) || states.has(term)) continue;
    if (!dependent.has(term)) {
      if (!isConstant(term)) leaves.add(term);
      continue;
    }
    inside.add(term);
    if (inside.size > largest) return null;
    for (const input of term.inputs) if (input !== null) left.push(input);
  }
  if (!after.every((term) => inside.has(term))) return null;
  return { before, after, inside: inOrder(inside), leaves: inOrder(leaves) };
}

const inOrder = (terms: Iterable<Term>) => [...terms].sort((a, b) => a.id - b.id);

/** Whether a term is part of what a step does and not something that it reads. */
const isConstant = ({ fixed }: Term) => fixed;

/** The step that leaves the states `after`: null where what makes them is no such step. A state that is left out is not looked for. */
export function stepBefore(pattern: Pattern, after: readonly (Term | undefined)[]): Images | null {
  const images = new Map<Term, Term>();
  const states = new Set(pattern.before);
  const leaves = new Set(pattern.leaves);
  const left: (readonly [Term, Term | undefined])[] = pattern.after.flatMap((term, i) => {
    const image = after[i];
    return image === undefined ? [] : [[term, image] as const];
  });
  if (left.length === 0) return null;
  for (let pair = left.pop(); pair !== undefined; pair = left.pop()) {
    const [term, image] = pair;
    if (image === undefined) return null;
    const known = images.get(term);
    if (known !== undefined) {
      if (known !== image) return null;
      continue;
    }
    images.set(term, image);
    if (states.has(term) || leaves.has(term)) continue;
    if (isConstant(term)) {
      if (term !== image) return null;
      continue;
    }
    if (term.does !== image.does || term.inputs.length !== image.inputs.length) return null;
    for (const [i, input] of term.inputs.entries()) {
      const other = image.inputs[i];
      if ((input === null) !== (other === null)) return null;
      if (input !== null) left.push([input, other ?? undefined]);
    }
  }
  return images;
}

/** The step that begins with the states `before`; null where there is none. Of the last one, states may be missing that nothing reads. */
export function stepAfter(terms: Terms, pattern: Pattern, before: readonly Term[]): Images | null {
  const images = new Map<Term, Term>(pattern.before.map((term, i) => [term, before[i] ?? term]));
  for (const term of pattern.inside) {
    const dependent = term.inputs.findIndex((input) => input !== null && images.has(input));
    const known = term.inputs[dependent];
    const source = known ? images.get(known) : undefined;
    if (source === undefined) continue;
    const fits = (candidate: Term) =>
      candidate.does === term.does &&
      term.inputs.every((input, i) => {
        const expected = input && (images.get(input) ?? (isConstant(input) ? input : undefined));
        return expected === undefined || candidate.inputs[i] === expected;
      });
    const image = terms.consumers(source).find(fits);
    if (image !== undefined) images.set(term, image);
  }
  const whole = stepBefore(
    pattern,
    pattern.after.map((term) => images.get(term)),
  );
  return whole !== null && pattern.before.every((term, i) => (whole.get(term) ?? before[i]) === before[i])
    ? whole
    : null;
}
