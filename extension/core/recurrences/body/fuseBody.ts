import type { Builder } from '../../graph/builder';
import type { Graph } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { sourceOf } from '../../trace/changeInPlace';
import type { MatchedCell } from '../match/contract';
import { constantsOf } from '../numeric/constants';
import {
  hasOperator,
  isZeros,
  laidOutAs,
  type OperatorForm,
  operatorForm,
  type Replacements,
  stepsLaidOutAs,
} from '../operatorForm';
import { BodySequences, readIn } from './bodySequences';
import type { IndexedRead } from './direction';
import { backwards, inRows } from './exposeStep';
import type { LoopBody } from './loopBody';
import { wholeReads } from './wholeReads';

/** A body with the cells that it computes, in the order in which they read each other. */
export interface BodyCells {
  readonly loop: LoopBody;
  readonly cells: readonly MatchedCell[];
  readonly indexed: readonly IndexedRead[];
  readonly reverse: boolean;
}

/**
 * Writes the fused operators of all cells of a Scan or a Loop into `b`, for what the rest of `graph` reads of it. Null where the body does
 * something that is not known for all steps at once.
 */
export function fuseBody(b: Builder, { loop, cells, indexed, reverse }: BodyCells, graph: Graph): Replacements | null {
  const { node, states, stacked, kind } = loop;
  const isFloat64 = states.some(({ before }) => before.type.dtype === 'float64');
  const reads = wholeReads(loop, indexed, reverse, graph, constantsOf(graph));
  if (reads === null || isFloat64 || !cells.every(hasOperator)) return null;
  const sequences = new BodySequences(b, loop, reads);
  const finals = new Map<number, Value>();
  for (const matched of cells) {
    const form = written(b, { loop, reverse }, matched, sequences, graph);
    if (form === null) return null;
    const { cell, stateOrder, stateAxes } = matched;
    stateOrder.forEach((index, i) => {
      const final = form.finals[i];
      if (final !== undefined) finals.set(index, laidOutAs(b, final, stateAxes));
    });
    const after = states[stateOrder[cell.states.indexOf(cell.output)] ?? -1]?.after;
    if (after === undefined) return null;
    sequences.give(after, stepsLaidOutAs(b, form.Y, stateAxes));
    // What the state is only another layout of may be what the body gives out.
    const source = sourceOf(loop.body.nodes, { value: after, axes: stateAxes });
    if (source.value !== after) sequences.give(source.value, stepsLaidOutAs(b, form.Y, source.axes));
  }
  const used = readIn(graph);
  const replacements = new Map<Value, Value>();
  for (const [place, output] of node.outputs.entries()) {
    if (output === null || !used.has(output)) continue;
    const given = stacked.find((each) => each.place === place);
    const value = given === undefined ? finals.get(place) : stackedAs(given);
    if (!value) return null;
    replacements.set(output, value);
  }
  return replacements;

  function stackedAs(given: LoopBody['stacked'][number]): Value | null {
    const whole = sequences.of(given.inner);
    if (whole === null) return null;
    const rank = whole.type.shape?.length ?? 0;
    // A Loop stacks its steps as they come, a Scan by their places where it is told to.
    const turned = kind === 'loop' ? reverse : given.reverse !== reverse;
    const placed = turned ? backwards(b, whole) : whole;
    const others = Array.from({ length: rank - 1 }, (_, i) => i + 1);
    return b.transpose(placed, [...others.slice(0, given.axis), 0, ...others.slice(given.axis)]);
  }
}

/** One cell as its operator; null where what it reads is not known for all steps. */
function written(
  b: Builder,
  { loop, reverse }: Pick<BodyCells, 'loop' | 'reverse'>,
  matched: MatchedCell,
  sequences: BodySequences,
  graph: Graph,
): OperatorForm | null {
  const batch = `${loop.node.name}.batch`;
  const x: Value[] = [];
  for (const { value, axes, size } of matched.x) {
    const whole = sequences.of(value);
    if (whole === null) return null;
    x.push(inRows(b, whole, axes, size, batch, false));
  }
  const initial = matched.stateOrder.map((index) => {
    const begins = loop.states[index]?.initial ?? null;
    if (begins === null || isZeros(graph, begins)) return null;
    const one = b.unsqueeze(begins, [0]);
    return b.squeeze(inRows(b, one, matched.stateAxes, matched.hidden, batch, false), [0]);
  });
  return operatorForm(b, { node: loop.node.name, matched, x, initial, reverse });
}
