import { readingOf } from './reading';
import type { Term, Terms } from './terms';

/** Terms that do the same, each of which depends on the one before it. */
export type Chain = readonly Term[];

/** Work that is done at most, in terms looked at, per term of the graph: no file can make the search take long. */
const effort = 200;

/**
 * The chains of products by the same weights, which every recurrence has that multiplies its state by a matrix or a vector. Products
 * that do not depend on one another, such as those of a layer that is applied at every step, are none.
 */
export function productChains(terms: Terms): readonly Chain[] {
  return chainsAmong(terms, (term) => weightsOf(term));
}

/**
 * The chains of elementwise products of two things that are made alike, as in a cell whose gates look at its input alone. `isTaken` tells
 * terms that are known to be part of a recurrence.
 */
export function gatedChains(terms: Terms, isTaken: (term: Term) => boolean): readonly Chain[] {
  const isGated = (term: Term) =>
    term.node?.op === 'Mul' && term.node.domain === '' && !isTaken(term) && term.inputs.every((input) => !input?.fixed);
  if (terms.list.filter(isGated).length < 3) return [];
  const kinds = kindsOf(terms, 4);
  return chainsAmong(terms, (term) => (isGated(term) ? `${kinds[term.id]}` : null));
}

/** The chains among terms of one key each; what has none is no member of any. */
function chainsAmong(terms: Terms, keyOf: (term: Term) => string | null): readonly Chain[] {
  const groups = new Map<string, Term[]>();
  for (const term of terms.list) {
    const key = keyOf(term);
    if (key === null) continue;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(term);
  }
  let left = effort * terms.list.length;
  return [...groups.values()].flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)];
    if (group.length < 2 || !first || !last) return [];
    if (left < 0) return [];
    left -= last.id - first.id;
    return chainsIn(terms, group, first.id, last.id);
  });
}

const products: ReadonlySet<string> = new Set(['Conv', 'Gemm', 'MatMul', 'Mul']);

/** What a product with something that varies does, and its weights, as text; null where it is none. */
function weightsOf({ node, inputs, fixed, does }: Term): string | null {
  if (node === null || fixed || node.domain !== '' || !products.has(node.op)) return null;
  const [left, right] = inputs;
  if (left?.fixed === right?.fixed) return null;
  return `${does} ${inputs.map((input) => (input?.fixed ? input.id : '')).join()}`;
}

/**
 * A number for each term, the same where terms are made alike so many operators up. Which place of a sequence is read makes no
 * difference.
 */
function kindsOf(terms: Terms, operators: number): readonly number[] {
  let kinds: readonly number[] = terms.list.map(({ fixed, id }) => (fixed ? id : -1));
  for (let round = 0; round < operators; round++) {
    const known = new Map<string, number>();
    kinds = terms.list.map((term) => {
      if (term.fixed) return term.id;
      const reading = readingOf(term);
      const key =
        reading === null
          ? `${term.does} ${term.inputs.map((input) => (input === null ? '' : kinds[input.id])).join()}`
          : `${reading.source.id} ${reading.axis}`;
      const kind = known.get(key) ?? terms.list.length + known.size;
      known.set(key, kind);
      return kind;
    });
  }
  return kinds;
}

/** Cuts a group of equal products into chains, the longest first. */
function chainsIn(terms: Terms, group: readonly Term[], from: number, to: number): Chain[] {
  const members = new Set(group);
  const parents = new Map<Term, Term>();
  const depth = new Map<Term, number>();
  // The deepest member that each term depends on.
  const latest = new Map<Term, Term>();
  let alone = 0;
  for (const term of terms.list.slice(from, to + 1)) {
    let deepest: Term | undefined;
    for (const input of term.inputs) {
      const found = input === null ? undefined : latest.get(input);
      if (found && (deepest === undefined || (depth.get(found) ?? 0) > (depth.get(deepest) ?? 0))) deepest = found;
    }
    if (members.has(term)) {
      if (deepest !== undefined) parents.set(term, deepest);
      // Products that are independent of one another are seen early.
      else if (++alone > 8 && parents.size === 0) return [];
      depth.set(term, 1 + (deepest === undefined ? 0 : (depth.get(deepest) ?? 0)));
      latest.set(term, term);
    } else if (deepest !== undefined) latest.set(term, deepest);
  }
  const chains: Chain[] = [];
  const taken = new Set<Term>();
  const ends = [...group].sort((a, b) => (depth.get(b) ?? 0) - (depth.get(a) ?? 0));
  for (const end of ends) {
    const chain: Term[] = [];
    for (let at: Term | undefined = end; at !== undefined && !taken.has(at); at = parents.get(at)) {
      taken.add(at);
      chain.push(at);
    }
    if (chain.length > 1) chains.push(chain.reverse());
  }
  return chains;
}
