import type { Constants } from '../numeric/constants';
import { type Chain, gatedChains, productChains } from './chains';
import { cutStep, mostStates } from './cut';
import { firstStep } from './firstStep';
import { type Images, type Pattern, patternOf, stepAfter, stepBefore } from './pattern';
import type { Term, Terms } from './terms';

/** A recurrence whose steps stand one after the other in a graph. */
export interface Repeated {
  readonly pattern: Pattern;
  /** One a step, in the order in which they are computed. The first may lack what zeros make of its states. */
  readonly steps: readonly Images[];
  /** What it begins with, in the order of the pattern's states; null where it begins with zeros that were worked out. */
  readonly initial: readonly Term[] | null;
}

/** Fewer steps than this may be alike by chance. */
const fewest = 3;

/** The recurrences among the terms of a graph, in its order. No two have a step in common. */
export function repeatedSteps(terms: Terms, constants: Constants): readonly Repeated[] {
  const taken = new Set<Term>();
  const found = stepsOf(terms, productChains(terms), constants, taken);
  found.push(
    ...stepsOf(
      terms,
      gatedChains(terms, (term) => taken.has(term)),
      constants,
      taken,
    ),
  );
  return found.sort((a, b) => firstOf(a) - firstOf(b));
}

/** The recurrences that chains are of. What they consist of is added to `taken`. */
function stepsOf(terms: Terms, chains: readonly Chain[], constants: Constants, taken: Set<Term>): Repeated[] {
  const candidates = chains.flatMap((chain) => {
    const cut = cutStep(terms, chain);
    return cut === null ? [] : [{ chain, cut }];
  });
  // Of the products of one recurrence, those whose cut hands on the least cut it where its states are.
  candidates.sort((a, b) => a.cut.after.length - b.cut.after.length || b.chain.length - a.chain.length);
  const found: Repeated[] = [];
  for (const { chain, cut } of candidates) {
    if (taken.has(middle(chain))) continue;
    const pattern = patternOf(terms, cut);
    const repeated = pattern === null ? null : unfolded(terms, pattern, constants);
    if (repeated === null) continue;
    const own = new Set(
      repeated.steps
        .flatMap((images) => repeated.pattern.inside.flatMap((term) => images.get(term) ?? []))
        // What is made of constants alone, two recurrences may begin with.
        .filter(({ fixed }) => !fixed),
    );
    if ([...own].some((term) => taken.has(term))) continue;
    for (const term of own) taken.add(term);
    found.push(repeated);
  }
  return found;
}

const middle = (chain: Chain) => chain[Math.floor(chain.length / 2)] as Term;

const firstOf = ({ pattern, steps: [first] }: Repeated) =>
  Math.min(...pattern.after.map((term) => first?.get(term)?.id ?? 0));

/** All steps that are like a pattern and follow one another; null where they are too few. */
function unfolded(terms: Terms, pattern: Pattern, constants: Constants): Repeated | null {
  const own = stepBefore(pattern, pattern.after);
  if (own === null) return null;
  const steps: Images[] = [own];
  const seen = new Set<string>();
  const isNew = (states: readonly Term[]) => {
    const key = states.map(({ id }) => id).join();
    const fresh = !seen.has(key);
    seen.add(key);
    return fresh;
  };
  for (let after: readonly Term[] = pattern.before; isNew(after); ) {
    const images = stepBefore(pattern, after);
    if (images === null) break;
    steps.unshift(images);
    after = statesOf(images, pattern.before);
  }
  for (let before = pattern.after; isNew(before); ) {
    const images = stepAfter(terms, pattern, before);
    if (images === null) break;
    steps.push(images);
    if (!pattern.after.every((term) => images.has(term))) break;
    before = statesOf(images, pattern.after);
  }
  const whole = withCarried(terms, pattern, steps);
  if (whole !== null) return unfolded(terms, whole, constants);
  const start = statesOf(steps[0], pattern.before);
  const first = firstStep(pattern, start, constants);
  if (first !== null) steps.unshift(first.images);
  return steps.length < fewest ? null : { pattern, steps, initial: first === null ? start : first.initial };
}

/**
 * The pattern with one more state: what it reads at a step and computes at the step before. Few steps do not tell of a state that no
 * product reads. Null where all states are known.
 */
function withCarried(terms: Terms, pattern: Pattern, steps: readonly Images[]): Pattern | null {
  const [earlier, later] = steps.slice(-2);
  for (const leaf of pattern.leaves) {
    const read = later?.get(leaf);
    const source = read && pattern.inside.find((term) => earlier?.get(term) === read);
    if (source === undefined || pattern.after.includes(source) || pattern.after.length >= mostStates) continue;
    return patternOf(terms, { before: [...pattern.before, leaf], after: [...pattern.after, source] });
  }
  return null;
}

const statesOf = (images: Images | undefined, states: readonly Term[]) =>
  states.map((term) => images?.get(term) ?? term);
