import type { Builder } from '../../graph/builder';
import type { Graph, Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { type Change, changesOf } from '../../trace/change';
import { expose, type TracedLayer } from '../../trace/tracedLayer';
import type { MatchedCell } from '../match/contract';
import { constantsOf } from '../numeric/constants';
import type { FoundRecurrence, RecurrenceRead } from '../recurrence';
import { tracedCell } from '../tracedCell';
import { numbersIn } from '../weights';
import { changeStates } from './changeStates';
import { fuseUnrolled } from './fuseUnrolled';
import { runOf } from './lowered';
import { OwnNodes } from './ownNodes';
import { axesOf, ownSignals, ownValues } from './ownSignals';
import { replaceUnrolled } from './replace';
import { type Rolled, rollAll, termsOf } from './roll';
import { repeatedSteps } from './steps';
import { type Term, Terms } from './terms';

/** A recurrence of an unrolled graph. */
export interface UnrolledRecurrence extends FoundRecurrence {
  readonly realisation: 'unrolled';
  readonly rolled: Rolled;
  /** The node that makes the output of the step that is computed last. */
  readonly last: Node | null;
  /** The nodes that make a term of a step, copies among them. */
  readonly makers: (term: Term) => readonly Node[];
}

export const isUnrolled = (found: FoundRecurrence): found is UnrolledRecurrence => found.realisation === 'unrolled';

/** Fewer nodes than this are no three steps of anything. */
const fewestNodes = 6;

/**
 * The recurrences of a graph that stand there step by step, each with nodes of its own, in the order of the graph. One direction is one
 * recurrence.
 */
export function findUnrolled(graph: Graph): readonly UnrolledRecurrence[] {
  if (graph.nodes.length < fewestNodes) return [];
  const terms = new Terms(graph);
  const constants = constantsOf(graph);
  const found = repeatedSteps(terms, constants);
  if (found.length === 0) return [];
  const ownNodes = new OwnNodes(graph, terms);
  const names = new Map<string, number>();
  return rollAll(found, constants).map((rolled) => {
    const described = describedAs(rolled);
    const count = (names.get(described.op) ?? 0) + 1;
    names.set(described.op, count);
    return {
      ...described,
      name: count === 1 ? `${described.op} unrolled` : `${described.op} unrolled ${count}`,
      realisation: 'unrolled',
      node: null,
      direction: rolled.reverse ? 'reverse' : 'forward',
      nodes: ownNodes.of([...termsOf(rolled.repeated), ...rolled.pulled]),
      reads: readsOf(rolled),
      obstacle: null,
      rolled,
      last: lastOf(rolled),
      makers: (term) => terms.makers.get(term) ?? [],
      trace(b, change) {
        return change === undefined ? tracedLayers(b, this, rolled) : changedLayers(b, this, change);
      },
      fuse(b, graph) {
        return fuseUnrolled(b, this, graph);
      },
    };
  });
}

function lastOf({ cell, repeated: { pattern, steps } }: Rolled): Node | null {
  const output = cell?.stateOrder[cell.cell.states.indexOf(cell.cell.output)] ?? 0;
  const term = pattern.after[output];
  return (term && steps.at(-1)?.get(term)?.node) ?? null;
}

type Described = Pick<FoundRecurrence, 'op' | 'title' | 'hidden' | 'input' | 'parameters' | 'gates' | 'equations'>;

function describedAs({ cell: matched, step, repeated: { pattern } }: Rolled): Described {
  if (matched === null) {
    const units = pattern.after[0]?.value.type.shape?.at(-1);
    // A mask is read at every step too, and is no number of an input.
    const widths = step.inputs
      .filter(({ value }) => value.type.dtype.startsWith('float'))
      .map(({ shape }) => shape?.at(-1));
    return {
      op: 'Recurrence',
      title: 'Recurrence',
      hidden: typeof units === 'number' ? units : null,
      input: widths.every((width) => typeof width === 'number') ? widths.reduce((sum, width) => sum + width, 0) : null,
      parameters: numbersIn(weightsOf(step.nodes)),
      gates: [],
      equations: [],
    };
  }
  const { cell, hidden, input, weights } = matched;
  return {
    op: cell.title,
    title: cell.title,
    hidden,
    input,
    parameters: numbersIn(weights),
    gates: cell.gates,
    equations: cell.steps.map(({ text }) => text),
  };
}

const weightsOf = (nodes: readonly Node[]) => nodes.flatMap(({ inputs }) => inputs);

function readsOf({ sequences, repeated: { initial }, cell }: Rolled): readonly RecurrenceRead[] {
  const values = sequences.flatMap(({ input, from }): RecurrenceRead[] => {
    const axes = cell?.x.find(({ value }) => value === input)?.axes ?? axesOf(input);
    const batch = axes?.batch ?? null;
    // Where they come from, the first one tells.
    if (from.kind === 'terms') {
      return from.terms.slice(0, 1).map((term) => ({ value: madeAs(term), kind: 'values', steps: null, batch }));
    }
    const whole = batch !== null && batch >= from.axis ? batch + 1 : batch;
    return [{ value: madeAs(from.source), kind: 'values', steps: from.axis, batch: whole }];
  });
  const states = (initial ?? [])
    .filter(({ fixed }) => !fixed)
    .map((term): RecurrenceRead => {
      return { value: madeAs(term), kind: 'state', steps: null, batch: cell?.stateAxes.batch ?? null };
    });
  return [...values, ...states];
}

/** The value of the graph that a term stands for. */
const madeAs = ({ node, output, value }: Term): Value => node?.outputs[output] ?? value;

/** Its signals: those of its cell where that can be written out, else those that the model itself computes. */
function tracedLayers(b: Builder, found: FoundRecurrence, rolled: Rolled): TracedLayer[] {
  const { cell: matched, repeated } = rolled;
  const run = matched === null ? null : runOf(b, found.name, rolled, matched);
  const output = matched?.stateOrder[matched.cell.states.indexOf(matched.cell.output)];
  const term = output === undefined ? undefined : repeated.pattern.after[output];
  const isWhole = term !== undefined && repeated.steps.every((images) => images.has(term));
  if (matched !== null && run !== null && isWhole) {
    return [tracedCell(b, run, b.cast(ownValues(b, rolled, term, matched.stateAxes), 'float32'))];
  }
  const signals = matched === null ? ownSignals(rolled) : matchedSignals(rolled, matched);
  const shown = signals.map((signal) => ({ ...signal, value: ownValues(b, rolled, signal.term, signal.axes) }));
  const states = shown.filter(({ state }) => state);
  const [first] = states;
  if (first === undefined) return [];
  return [
    {
      node: found.name,
      op: found.title,
      direction: rolled.reverse ? 'reverse' : 'forward',
      hidden: first.units,
      equations: found.equations,
      signals: shown.map(({ name, range, value }) => ({ name, range, output: expose(b, value) })),
      states: states.map(({ name }) => name),
      // It is the model's own number: there is nothing else that it could be compared with.
      fused: { output: expose(b, b.unsqueeze(first.value, [1])), direction: 0, signal: first.name },
    },
  ];
}

/** The same with its states changed: its cell takes the place of all its steps where it can be written out. */
function changedLayers(b: Builder, found: UnrolledRecurrence, change: Change): TracedLayer[] {
  const { name, rolled } = found;
  const { cell: matched } = rolled;
  if (matched !== null && runOf(b, name, rolled, matched) !== null) {
    return [replaceUnrolled(b, found, ({ states }) => changesOf(change, states, { layer: 0, dtype: 'float32' }))];
  }
  changeStates(b, found, matched === null ? ownSignals(rolled) : matchedSignals(rolled, matched), change);
  return tracedLayers(b, found, rolled);
}

/** The signals of a cell as the model itself computes them. */
function matchedSignals({ terms, repeated: { steps } }: Rolled, { cell, hidden, signals }: MatchedCell) {
  return cell.signals.flatMap(({ name, range }) => {
    const signal = signals.get(name);
    const term = signal && terms.get(signal.value);
    if (!signal || !term || !steps.every((images) => images.has(term))) return [];
    return [{ name, range, state: cell.states.includes(name), term, axes: signal.axes, units: hidden }];
  });
}
