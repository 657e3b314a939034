import type { Builder } from '../../graph/builder';
import type { Graph, Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { expose, type TracedLayer } from '../../trace/tracedLayer';
import type { MatchedCell } from '../match/contract';
import { constantsOf } from '../numeric/constants';
import type { FoundRecurrence, RecurrenceRead } from '../recurrence';
import { tracedCell } from '../tracedCell';
import { numbersIn } from '../weights';
import { runOf } from './lowered';
import { OwnNodes } from './ownNodes';
import { axesOf, ownSignals, ownValues } from './ownSignals';
import { type Rolled, rollAll, termsOf } from './roll';
import { repeatedSteps } from './steps';
import { type Term, Terms } from './terms';

/** A recurrence of an unrolled graph. */
export interface UnrolledRecurrence extends FoundRecurrence {
  readonly realisation: 'unrolled';
  readonly rolled: Rolled;
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
  const found = repeatedSteps(terms);
  if (found.length === 0) return [];
  const ownNodes = new OwnNodes(graph, terms);
  const names = new Map<string, number>();
  return rollAll(found, constantsOf(graph)).map((rolled) => {
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
      makers: (term) => terms.makers.get(term) ?? [],
      trace(b) {
        return tracedLayers(b, this, rolled);
      },
    };
  });
}

type Described = Pick<FoundRecurrence, 'op' | 'title' | 'hidden' | 'input' | 'parameters' | 'gates' | 'equations'>;

function describedAs({ cell: matched, step, repeated: { pattern } }: Rolled): Described {
  if (matched === null) {
    const units = pattern.after[0]?.value.type.shape?.at(-1);
    const width = step.inputs.length === 1 ? step.inputs[0]?.shape?.at(-1) : undefined;
    return {
      op: 'Recurrence',
      title: 'Recurrence',
      hidden: typeof units === 'number' ? units : null,
      input: typeof width === 'number' ? width : null,
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
    if (from.kind === 'terms')
      return from.terms.map((term) => ({ value: madeAs(term), kind: 'values', steps: null, batch }));
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
  if (matched !== null && run !== null && term !== undefined) {
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

/** The signals of a cell as the model itself computes them. */
function matchedSignals({ terms, repeated: { steps } }: Rolled, { cell, hidden, signals }: MatchedCell) {
  return cell.signals.flatMap(({ name, range }) => {
    const signal = signals.get(name);
    const term = signal && terms.get(signal.value);
    if (!signal || !term || !steps.every((images) => images.has(term))) return [];
    return [{ name, range, state: cell.states.includes(name), term, axes: signal.axes, units: hidden }];
  });
}
