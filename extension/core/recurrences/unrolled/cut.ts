import type { Chain } from './chains';
import type { Term, Terms } from './terms';

/** One step between two cuts of a graph: the same states as this step finds them and as it leaves them. */
export interface CutStep {
  readonly before: readonly Term[];
  readonly after: readonly Term[];
}

/** Operators that only put numbers elsewhere: where one stands before a product, what it reads is the state. */
const layout: ReadonlySet<string> = new Set([
  'Cast',
  'Concat',
  'Flatten',
  'Reshape',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** More states than this are no recurrence of anybody's. */
export const mostStates = 16;

/**
 * Cuts a chain into steps, one a product: whatever leads from one product to the next is computed as late as it can be, and what is
 * then handed from step to step are the states. Null where a step reads what is older than the step before it.
 */
export function cutStep(terms: Terms, chain: Chain): CutStep | null {
  const steps = stepsOf(terms, chain);
  joinEarlier(terms, chain, steps);
  const carried = carriedOf(chain, steps);
  if (carried === null) return null;
  const earlier = earlierCopies(chain, steps);
  const last = chain.length;
  for (let step = last - 2; step >= Math.max(1, last - 4); step--) {
    const after = [...(carried.get(step) ?? [])].sort((a, b) => a.id - b.id);
    if (after.length === 0 || after.length > mostStates) return null;
    const before = after.flatMap((term) => earlier.get(term) ?? []);
    if (before.length === after.length && new Set(before).size === after.length) return { before, after };
  }
  return singleState(chain, steps, earlier);
}

/** Few products tell of one state alone, which is what they multiply. */
function singleState(chain: Chain, steps: ReadonlyMap<Term, number>, earlier: ReadonlyMap<Term, Term>): CutStep | null {
  let after = chain.at(-1);
  do after = after?.inputs.find((input) => input !== null && steps.has(input)) ?? undefined;
  while (after && layout.has(after.node?.op ?? ''));
  const before = after && earlier.get(after);
  return after && before && after !== before ? { before: [before], after: [after] } : null;
}

/** The step of each term that depends on the first product and that the last one depends on. */
function stepsOf(terms: Terms, chain: Chain): Map<Term, number> {
  const [first, last] = [chain[0], chain.at(-1)];
  const steps = new Map<Term, number>();
  if (!first || !last) return steps;
  const range = terms.list.slice(first.id, last.id + 1);
  const reached = new Set<Term>([first]);
  for (const term of range) if (term.inputs.some((input) => input !== null && reached.has(input))) reached.add(term);
  const places = new Map(chain.map((term, i) => [term, i + 1] as const));
  // The latest step in which a term can be computed, and whether the products of that step read it.
  const front = new Set<Term>();
  steps.set(last, chain.length);
  for (const term of range.reverse()) {
    const own = places.get(term) ?? steps.get(term);
    if (own === undefined || !reached.has(term)) continue;
    steps.set(term, own);
    const isFront = places.has(term) || front.has(term);
    for (const input of term.inputs) {
      if (input === null || !reached.has(input) || places.has(input)) continue;
      const moves = isFront && layout.has(input.node?.op ?? '');
      const latest = isFront && !moves ? own - 1 : own;
      const known = steps.get(input);
      if (known === undefined || latest < known) {
        steps.set(input, latest);
        front.delete(input);
      }
      if (moves && steps.get(input) === own) front.add(input);
    }
  }
  return steps;
}

/**
 * Lets a step make one value of several that it would hand on, where nothing else is made of them later: what is computed as late as it
 * can be is then handed on as what it is, such as a state that stays as it was where a mask says so.
 */
function joinEarlier(terms: Terms, chain: Chain, steps: Map<Term, number>): void {
  const products = new Set(chain);
  const [first, last] = [chain[0], chain.at(-1)];
  if (!first || !last) return;
  for (const term of terms.list.slice(first.id, last.id + 1)) {
    const own = steps.get(term);
    if (own === undefined || products.has(term)) continue;
    const inputs = new Set(term.inputs.filter((input) => input !== null && steps.has(input)));
    const latest = Math.max(...[...inputs].map((input) => steps.get(input as Term) ?? 0));
    if (inputs.size < 2 || latest >= own) continue;
    const onlyHere = [...inputs].every((input) =>
      terms.consumers(input as Term).every((other) => other === term || (steps.get(other) ?? 0) < own),
    );
    if (onlyHere) steps.set(term, latest);
  }
}

/** What each step hands to the next; null where something is handed further than that. */
function carriedOf(chain: Chain, steps: ReadonlyMap<Term, number>): ReadonlyMap<number, ReadonlySet<Term>> | null {
  const carried = new Map<number, Set<Term>>(chain.map((_, i) => [i + 1, new Set<Term>()]));
  for (const [term, step] of steps) {
    for (const input of term.inputs) {
      const from = input === null ? undefined : steps.get(input);
      if (input === null || from === undefined || from === step) continue;
      // What comes before the first product belongs to no step of its own.
      if (from < 1) continue;
      if (from !== step - 1) return null;
      carried.get(from)?.add(input);
    }
  }
  return carried;
}

/** For terms of the last steps, what stands in their place one step earlier: both are reached on the same way from a product. */
function earlierCopies(chain: Chain, steps: ReadonlyMap<Term, number>): ReadonlyMap<Term, Term> {
  const [previous, last] = chain.slice(-2);
  const copies = new Map<Term, Term>();
  if (!previous || !last) return copies;
  const left: [Term, Term][] = [[last, previous]];
  const lowest = chain.length - 5;
  for (let pair = left.pop(); pair !== undefined; pair = left.pop()) {
    const [term, copy] = pair;
    if (copies.has(term)) continue;
    copies.set(term, copy);
    if (term.does !== copy.does || (steps.get(term) ?? 0) < lowest) continue;
    for (const [i, input] of term.inputs.entries()) {
      const other = copy.inputs[i];
      if (input && other && steps.has(input)) left.push([input, other]);
    }
  }
  return copies;
}
