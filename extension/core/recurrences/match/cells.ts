import type { FunctionName } from '../../../protocol/cellLanguage';
import { type Cell, defineCell } from '../../cells/cell';
import { variant } from '../../cells/fusedCell';
import { gru, gruResetBefore } from '../../cells/gru';
import { lstm, lstmCoupled, lstmCoupledPeephole, lstmPeephole } from '../../cells/lstm';
import { mgu } from '../../cells/minimal';
import { rnn } from '../../cells/rnn';
import type { Value } from '../../graph/value';
import { NotNumeric, type Numbers } from '../numeric/numbers';
import type { Operand } from './affine';
import {
  type CellPlace,
  diagonal,
  GateReader,
  type GateSum,
  isZero,
  stackedBias,
  stackedInput,
  stackedState,
} from './gates';
import { alike, mustBe } from './rows';
import type { FoundGru, FoundLstm, FoundRnn, Placed } from './shapes';
import type { Candidate, TriedState } from './stepValues';
import type { CellNumbers } from './verify';

/** A cell with its parameters in float64, as it was read out of a step; not yet verified. */
export interface ReadCell {
  readonly cell: Cell;
  readonly parameters: CellNumbers;
  readonly x: readonly Operand[];
  /** In the order of `cell.states`. */
  readonly states: readonly TriedState[];
  readonly gates: ReadonlyMap<string, Placed>;
}

const functionIn = ({ candidate }: Placed): FunctionName => candidate.activation.fn;

/** Reads an LSTM's weights. @throws NotNumeric where it is none of those with a name. */
export function readLstm(place: CellPlace, { gates: { i, o, f, g }, last }: FoundLstm): ReadCell {
  const reader = new GateReader(place);
  const { hidden } = place;
  const gate = functionIn(i);
  if (functionIn(o) !== gate || (f !== null && functionIn(f) !== gate)) throw new NotNumeric('gates that differ');
  const listed = f === null ? [i, o, g] : [i, o, f, g];
  const sums = reader.sums(listed);
  const named = new Map<string, Placed>([['i', i], ['o', o], ...(f === null ? [] : ([['f', f]] as const)), ['g', g]]);
  const at = (wanted: Placed) => mustBe(sums[listed.indexOf(wanted)]);
  const seen = [
    diagonal(at(i), reader.cBefore, hidden),
    diagonal(at(o), reader.cAfter, hidden),
    ...(f === null ? [] : [diagonal(at(f), reader.cBefore, hidden)]),
  ];
  const odd = [at(g).weights.get(mustBe(reader.cBefore)), at(o).weights.get(mustBe(reader.cBefore))];
  if (odd.some((weights) => weights !== undefined && !isZero(weights)))
    throw new NotNumeric('a gate sees the cell state');
  const peepholes = seen.some((weights) => !isZero(weights));
  const base = f === null ? (peepholes ? lstmCoupledPeephole : lstmCoupled) : peepholes ? lstmPeephole : lstm;
  const h = place.h;
  const c = mustBe(place.c);
  const cell = variant('LSTM', base, [gate, functionIn(g), last], 0);
  return {
    cell,
    parameters: {
      ...common(sums, reader, hidden),
      ...(peepholes && { P: Float64Array.from(seen.flatMap((weights) => [...weights])) }),
    },
    x: reader.x,
    states: cell.states.map((state) => (state === 'h' ? h : c)),
    gates: named,
  };
}

/** W, R and one bias for all gates, in their order. */
function common(sums: readonly GateSum[], reader: GateReader, hidden: number): CellNumbers {
  const R = stackedState(sums, reader.hBefore, hidden);
  if (isZero(R)) throw new NotNumeric('no recurrence');
  return {
    W: stackedInput(sums, reader.x, hidden),
    R,
    Wb: stackedBias(sums, hidden),
    Rb: new Float64Array(sums.length * hidden),
  };
}

/** With how much is new in the place of how much is kept. */
const turned = (cell: Cell): Cell =>
  defineCell({
    name: cell.name,
    equations: cell.steps.map(({ text, next }) => (next ? "h' = (1 − z) ⊙ h + z ⊙ n" : text)).join('\n'),
    gates: cell.gates,
    fused: null,
  });

/** Reads a GRU's weights; its reset gate is found among `candidates`. @throws NotNumeric where there is none. */
export function readGru(place: CellPlace, found: FoundGru, candidates: readonly Candidate[]): ReadCell {
  const { z, n } = found.gates;
  const minimal = found.kept ? null : readMgu(place, found);
  if (minimal !== null) return minimal;
  for (const candidate of candidates) {
    const r: Placed = { candidate, inverted: false };
    if (candidate === z.candidate || candidate === n.candidate || functionIn(r) !== functionIn(z)) continue;
    // What does not change when r does is not reset by it.
    if (!place.values.dependsOn(n.candidate.value, new Set([candidate.activation.output]))) continue;
    const read = withReset(place, found, r);
    if (read !== null) return read;
  }
  throw new NotNumeric('no reset gate');
}

/** Reads a minimal gated unit, whose one gate resets too; null where the gate does not. */
function readMgu(place: CellPlace, { gates: { z: f, n } }: FoundGru): ReadCell | null {
  const { hidden } = place;
  if (functionIn(f) !== 'σ' || functionIn(n) !== 'tanh') return null;
  try {
    const reader = new GateReader(place);
    const [gate] = reader.sums([f]);
    const [open] = reader.sums([n], held(place, f, 1));
    const sums = [mustBe(gate), mustBe(open)];
    const { W, R, Wb } = common(sums, reader, hidden);
    return {
      cell: mgu,
      parameters: { W: mustBe(W), R: mustBe(R), Wb: mustBe(Wb) },
      x: reader.x,
      states: [place.h],
      gates: new Map([
        ['f', f],
        ['n', n],
      ]),
    };
  } catch (error) {
    if (error instanceof NotNumeric) return null;
    throw error;
  }
}

/** A gate held at one number, with whatever else comes out of the same activation. */
function held({ values }: CellPlace, { candidate }: Placed, number: number): ReadonlyMap<Value, Numbers> {
  const { output } = candidate.activation;
  const { shape, data } = mustBe(values.numbers(output));
  return new Map([[output, { shape, data: new Float64Array(data.length).fill(number) }]]);
}

function withReset(place: CellPlace, { gates: { z, n }, kept }: FoundGru, r: Placed): ReadCell | null {
  const { hidden } = place;
  const reader = new GateReader(place);
  try {
    const [zSum, rSum] = reader.sums([z, r]);
    const [open] = reader.sums([n], held(place, r, 1));
    const [shut] = reader.sums([n], held(place, r, 0));
    const [half] = reader.sums([n], held(place, r, 0.5));
    const sums = [mustBe(zSum), mustBe(rSum), mustBe(open)];
    const closed = mustBe(shut).weights.get(reader.hBefore);
    if (closed !== undefined && !isZero(closed)) return null;
    // A bias within the reset part tells that the reset comes after the product; without one r and the product change places only where
    // r is not the same for every unit, which the check of the whole cell with random numbers tells.
    const recurrent = mustBe(open).bias.map((x, unit) => x - (mustBe(shut).bias[unit] ?? 0));
    if (
      !alike(
        mustBe(half).bias,
        mustBe(shut).bias.map((x, unit) => x + 0.5 * (recurrent[unit] ?? 0)),
      )
    )
      return null;
    const { W, R, Wb } = common(sums, reader, hidden);
    const inner = mustBe(Wb).slice();
    inner.set(mustBe(shut).bias, 2 * hidden);
    const Rb = new Float64Array(3 * hidden);
    Rb.set(recurrent, 2 * hidden);
    const fns = [functionIn(z), functionIn(n)];
    const after = isZero(recurrent) ? resetsAfter(place, r, n) : true;
    const cell = variant('GRU', after ? gru : gruResetBefore, fns, 0);
    return {
      cell: kept ? cell : turned(cell),
      parameters: { W: mustBe(W), R: mustBe(R), Wb: inner, Rb },
      x: reader.x,
      states: [place.h],
      gates: new Map([
        ['z', z],
        ['r', r],
        ['n', n],
      ]),
    };
  } catch (error) {
    if (error instanceof NotNumeric) return null;
    throw error;
  }
}

/** Whether r multiplies the product with h and not h itself: then unit k of the sum changes with unit k of r alone. */
function resetsAfter(place: CellPlace, r: Placed, n: Placed): boolean {
  const { hidden, values } = place;
  if (hidden === 1) return false;
  const { output } = r.candidate.activation;
  const { shape } = mustBe(values.numbers(output));
  const first = new Float64Array(mustBe(values.numbers(output)).data.length);
  // The part of the activation's output that is unit 0 of r, in every row.
  const numbers = mustBe(values.numbers(output)).data;
  const rows = r.candidate.rows;
  const wanted = new Set<number>();
  for (let row = 0; row < rows.length; row += hidden) wanted.add(rows[row] ?? Number.NaN);
  numbers.forEach((x, i) => {
    if (wanted.has(x)) first[i] = 1;
  });
  const [sum] = new GateReader(place).sums([n], new Map([[output, { shape, data: first }]]));
  const own = mustBe(sum).weights.get(place.h.state.before);
  // Unit 1 of the sum hears nothing of the state where r is 0 for it.
  return own === undefined || isZero(own.subarray(hidden));
}

/** Reads a simple network's weights. */
export function readRnn(place: CellPlace, { gates: { h } }: FoundRnn): ReadCell {
  const reader = new GateReader(place);
  const sums = reader.sums([h]);
  return {
    cell: variant('RNN', rnn, [functionIn(h)], 0),
    parameters: common(sums, reader, place.hidden),
    x: reader.x,
    states: [place.h],
    gates: new Map([['h', h]]),
  };
}
