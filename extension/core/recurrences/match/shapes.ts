import type { FunctionName } from '../../../protocol/cellLanguage';
import { functionOf } from './functions';
import { alike, each } from './rows';
import type { Candidate, TriedState } from './stepValues';

// Which values of a step stand in the elementwise part of a cell's equations, told by their numbers alone: however an exporter wrote
// (1 − z) ⊙ n + z ⊙ h, the numbers are the same.

/** A gate of a cell: where it stands, and whether the cell's own is one minus it. */
export interface Placed {
  readonly candidate: Candidate;
  readonly inverted: boolean;
}

export interface FoundLstm {
  readonly kind: 'lstm';
  readonly gates: { readonly i: Placed; readonly o: Placed; readonly f: Placed | null; readonly g: Placed };
  /** What the cell state goes through on its way out; null for nothing. */
  readonly last: FunctionName | null;
}

export interface FoundGru {
  readonly kind: 'gru';
  /** `kept`: z says how much of the state stays, as in ONNX; else how much is new. */
  readonly gates: { readonly z: Placed; readonly n: Placed };
  readonly kept: boolean;
}

export interface FoundRnn {
  readonly kind: 'rnn';
  readonly gates: { readonly h: Placed };
}

const place = (candidate: Candidate, inverted = false): Placed => ({ candidate, inverted });

/** h' = o ⊙ φ(c') with c' = f ⊙ c + i ⊙ g, or with f and i that make one. */
export function* lstmsOf(h: TriedState, c: TriedState, candidates: readonly Candidate[]): Generator<FoundLstm> {
  const size = c.after.length;
  const functions = new Set<FunctionName | null>(['tanh', ...candidates.map(({ activation }) => activation.fn), null]);
  for (const last of functions) {
    const fn = last === null ? (x: number) => x : functionOf(last);
    const outward = c.after.map((x) => fn(x));
    for (const o of candidates) {
      if (
        !alike(
          each(size, (k) => (o.rows[k] ?? 0) * (outward[k] ?? 0)),
          h.after,
        )
      )
        continue;
      for (const inner of inwardOf(c, candidates)) yield { kind: 'lstm', gates: { o: place(o), ...inner }, last };
    }
  }
}

type Inward = Pick<FoundLstm['gates'], 'i' | 'f' | 'g'>;

function* inwardOf(c: TriedState, candidates: readonly Candidate[]): Generator<Inward> {
  const size = c.after.length;
  for (const f of candidates) {
    const rest = each(size, (k) => (c.after[k] ?? 0) - (f.rows[k] ?? 0) * (c.before[k] ?? 0));
    for (const [at, p] of candidates.entries()) {
      for (const q of candidates.slice(at)) {
        if (
          p === f ||
          q === f ||
          !alike(
            each(size, (k) => (p.rows[k] ?? 0) * (q.rows[k] ?? 0)),
            rest,
          )
        )
          continue;
        const [i, g] = gateFirst(p, q);
        yield { i: place(i), f: place(f), g: place(g) };
      }
    }
  }
  // Coupled: one of f and i is one minus the other.
  for (const a of candidates) {
    for (const g of candidates) {
      if (a === g) continue;
      const of = (i: (k: number) => number) =>
        each(size, (k) => (1 - i(k)) * (c.before[k] ?? 0) + i(k) * (g.rows[k] ?? 0));
      if (
        alike(
          of((k) => a.rows[k] ?? 0),
          c.after,
        )
      )
        yield { i: place(a), f: null, g: place(g) };
      else if (
        a.activation.fn === 'σ' &&
        alike(
          of((k) => 1 - (a.rows[k] ?? 0)),
          c.after,
        )
      )
        yield { i: place(a, true), f: null, g: place(g) };
    }
  }
}

/** Of two factors, the one that is a gate first: the other is what it lets in. */
function gateFirst(p: Candidate, q: Candidate): readonly [Candidate, Candidate] {
  const isGate = ({ activation }: Candidate) => activation.fn === 'σ' || activation.fn.startsWith('hardSigmoid');
  if (isGate(p) !== isGate(q)) return isGate(p) ? [p, q] : [q, p];
  return /^i\b|in_?gate|input/i.test(q.value.name) ? [q, p] : [p, q];
}

/** h' = (1 − z) ⊙ n + z ⊙ h, or with z and 1 − z the other way round. */
export function* grusOf(h: TriedState, candidates: readonly Candidate[]): Generator<FoundGru> {
  const size = h.after.length;
  for (const z of candidates) {
    for (const n of candidates) {
      if (z === n) continue;
      const mixed = (kept: boolean) =>
        each(size, (k) => {
          const share = kept ? (z.rows[k] ?? 0) : 1 - (z.rows[k] ?? 0);
          return (1 - share) * (n.rows[k] ?? 0) + share * (h.before[k] ?? 0);
        });
      if (alike(mixed(true), h.after)) yield { kind: 'gru', gates: { z: place(z), n: place(n) }, kept: true };
      else if (alike(mixed(false), h.after)) yield { kind: 'gru', gates: { z: place(z), n: place(n) }, kept: false };
    }
  }
}

/** h' is itself what comes out of an activation. */
export function* rnnsOf(h: TriedState, candidates: readonly Candidate[]): Generator<FoundRnn> {
  for (const candidate of candidates) {
    if (alike(candidate.rows, h.after, 1e-12)) yield { kind: 'rnn', gates: { h: place(candidate) } };
  }
}
