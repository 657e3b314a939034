import { type CellParameter, cellParameters, type ParameterName } from '../../cells/parameters';
import type { Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { floats, type Tensor } from '../../tensor';
import { NotNumeric } from '../numeric/numbers';
import { type ReadCell, readGru, readLstm, readRnn } from './cells';
import type { Axes, MatchedCell, StepGraph, StepSignal } from './contract';
import type { CellPlace } from './gates';
import { alike, axesOf, mustBe, rowsOf } from './rows';
import { type Sample, sampleOf, sizesOf } from './sample';
import { grusOf, lstmsOf, rnnsOf } from './shapes';
import { type Candidate, StepValues, type TriedState } from './stepValues';
import { runCell } from './verify';

/** Steps with more nodes than this are not looked into. */
const mostNodes = 4000;
/** So many sizes are tried where a file does not say any; fewer where the weights are large. */
const mostTries = 80;
const mostWork = 2 ** 26;

/**
 * The known cells that a step computes, each checked against the step's own nodes with random numbers: an RNN, an LSTM or a GRU and their
 * variants, however they are written. States that belong to none are left; a step may hold several cells.
 */
export function matchCells(step: StepGraph): readonly MatchedCell[] {
  if (step.nodes.length > mostNodes || step.states.length > 16) return [];
  const weights = sizeOfWeights(step);
  if (weights > mostWeights) return [];
  let tries = 0;
  for (const sizes of sizesOf(step)) {
    if (++tries > Math.max(3, Math.min(mostTries, mostWork / weights))) break;
    const found = attempt(() => {
      const samples = [sampleOf(step, sizes, 1), sampleOf(step, sizes, 2)] as const;
      return cellsIn(step, samples);
    });
    if (found !== null && found.length > 0) return found;
  }
  return [];
}

/** Cells with more weights than this are not looked for: it would take too long to open a file. */
const mostWeights = 2 ** 25;

/** How many numbers the nodes of a step read that are always the same. */
function sizeOfWeights({ nodes, constantOf }: StepGraph): number {
  const read = new Set(nodes.flatMap(({ inputs }) => inputs.filter((input) => input !== null)));
  return [...read].reduce((sum, value) => sum + (constantOf(value)?.data.length ?? 0), 1);
}

type Samples = readonly [Sample, Sample];

function cellsIn(step: StepGraph, samples: Samples): MatchedCell[] {
  const values = new StepValues(step, samples[0]);
  const free = new Set(step.states.keys());
  const cells: MatchedCell[] = [];
  const take = (cell: MatchedCell | null) => {
    if (cell === null) return;
    cells.push(cell);
    for (const index of cell.stateOrder) free.delete(index);
  };
  for (const h of step.states.keys()) {
    for (const c of step.states.keys()) {
      if (h !== c && free.has(h) && free.has(c)) take(cellOf(values, samples, h, c));
    }
  }
  for (const h of step.states.keys()) if (free.has(h)) take(cellOf(values, samples, h, null));
  return cells.sort((a, b) => lastPlace(step, a) - lastPlace(step, b));
}

/** Where the last node of a cell stands, so that a layer comes after the one that it reads. */
const lastPlace = (step: StepGraph, { nodes }: MatchedCell) => step.nodes.findLastIndex((node) => nodes.has(node));

/** The cell whose states are `h` and `c`; null where there is none. */
function cellOf(values: StepValues, samples: Samples, h: number, c: number | null): MatchedCell | null {
  const shape = values.numbers(mustBe(values.step.states[h]).before)?.shape ?? [];
  for (const axes of axesOf(shape)) {
    const place = placeOf(values, h, c, axes);
    if (place === null) continue;
    const candidates = values.candidates(place.batch, place.hidden, axes);
    for (const read of readings(place, candidates)) {
      const matched = attempt(() => verified(place, read(), samples, axes));
      if (matched !== null) return matched;
    }
  }
  return null;
}

function* readings(place: CellPlace, candidates: readonly Candidate[]): Generator<() => ReadCell> {
  const { h, c } = place;
  if (c !== null) {
    for (const found of lstmsOf(h, c, candidates)) yield () => readLstm(place, found);
    return;
  }
  for (const found of grusOf(h, candidates)) yield () => readGru(place, found, candidates);
  for (const found of rnnsOf(h, candidates)) yield () => readRnn(place, found);
}

function placeOf(values: StepValues, h: number, c: number | null, axes: Axes): CellPlace | null {
  const tried = (index: number): TriedState | null => {
    const state = mustBe(values.step.states[index]);
    const [before, after] = [values.numbers(state.before), values.numbers(state.after)];
    if (before === null || after === null || !state.before.type.dtype.startsWith('float')) return null;
    // A state that another shape comes back for is none of a cell.
    if (before.shape.join() !== after.shape.join() || before.shape.join() !== wanted.join()) return null;
    return { index, state, before: rowsOf(before, axes), after: rowsOf(after, axes), afterAxes: axes };
  };
  const wanted = values.numbers(mustBe(values.step.states[h]).before)?.shape ?? [];
  const [hidden, output] = [tried(h), c === null ? null : tried(c)];
  if (hidden === null || (c !== null && output === null)) return null;
  return {
    values,
    h: hidden,
    c: output,
    batch: axes.batch === null ? 1 : (wanted[axes.batch] ?? 1),
    hidden: wanted[axes.units] ?? 1,
  };
}

/** What was read, where its equations give what the step gives of other random numbers. */
function verified(place: CellPlace, read: ReadCell, [, other]: Samples, stateAxes: Axes): MatchedCell | null {
  const { hidden, batch, values } = place;
  const { cell, x, states, gates, parameters } = read;
  const input = x.reduce((sum, { size }) => sum + size, 0);
  const rows = (value: Value, axes: Axes) => {
    const numbers = other.values.get(value);
    if (numbers === undefined) throw new NotNumeric(value.name);
    return rowsOf(numbers, axes);
  };
  const joined = new Float64Array(batch * input);
  let column = 0;
  for (const { value, axes, size } of x) {
    const own = rows(value, axes);
    for (let row = 0; row < batch; row++) {
      // What has no batch is the same for every row.
      const from = axes.batch === null ? 0 : row * size;
      joined.set(own.subarray(from, from + size), row * input + column);
    }
    column += size;
  }
  const before = states.map(({ state }) => rows(state.before, stateAxes));
  const computed = runCell(cell, parameters, { hidden, input, batch }, joined, before);
  const signals = new Map<string, StepSignal>();
  for (const { name } of cell.signals) {
    const state = states[cell.states.indexOf(name)];
    const gate = gates.get(name);
    const ours = mustBe(computed.get(name));
    if (state !== undefined) {
      if (!alike(rows(state.state.after, stateAxes), ours, 1e-6)) return null;
      signals.set(name, { value: state.state.after, axes: stateAxes });
    } else if (gate !== undefined) {
      const { value, axes } = gate.candidate;
      const theirs = rows(value, axes);
      if (!alike(gate.inverted ? theirs.map((number) => 1 - number) : theirs, ours, 1e-6)) return null;
      if (!gate.inverted) signals.set(name, { value, axes });
    }
  }
  const nodes = nodesOf(place, read);
  return {
    cell,
    hidden,
    input,
    parameters: tensorsOf(cellParameters(cell, input, hidden), parameters),
    stateOrder: states.map(({ index }) => index),
    stateAxes,
    x: x.map(({ value, size, axes }) => ({ value, size, axes })),
    signals,
    nodes,
    weights: weightsOf(values.step, nodes),
  };
}

function tensorsOf(
  listed: readonly CellParameter[],
  parameters: Readonly<Partial<Record<ParameterName, Float64Array>>>,
): Partial<Record<ParameterName, Tensor>> {
  return Object.fromEntries(
    listed.map(({ name, shape }) => [
      name,
      floats('float32', shape, parameters[name] ?? new Float64Array(shape[0] * shape[1])),
    ]),
  );
}

/** The nodes between what the cell reads and its new states. */
function nodesOf({ values }: CellPlace, { x, states }: ReadCell): ReadonlySet<Node> {
  const ends = new Set([...x.map(({ value }) => value), ...states.map(({ state }) => state.before)]);
  const found = new Set<Node>();
  const open = states.map(({ state }) => state.after);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const node = ends.has(at) ? undefined : values.makers.get(at);
    if (node === undefined || found.has(node)) continue;
    found.add(node);
    for (const input of node.inputs) if (input !== null) open.push(input);
  }
  return found;
}

/** The constants that those nodes read and that are more than one number; no shapes and no axes. */
function weightsOf(step: StepGraph, nodes: ReadonlySet<Node>): ReadonlySet<Value> {
  const made = new Set([...nodes].flatMap(({ outputs }) => outputs));
  const found = new Set<Value>();
  for (const { inputs } of nodes) {
    for (const input of inputs) {
      if (input === null || made.has(input) || !input.type.dtype.startsWith('float')) continue;
      if ((step.constantOf(input)?.data.length ?? 0) > 1) found.add(input);
    }
  }
  return found;
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotNumeric) return null;
    throw error;
  }
}
