import { UnrollError } from '../../../protocol/errors';
import { message } from '../../../protocol/messages';
import type { Builder } from '../../graph/builder';
import type { Node } from '../../graph/graph';
import { Value } from '../../graph/value';
import { intOf } from '../../ops/arguments';
import { type Change, changesOf } from '../../trace/change';
import type { TracedLayer } from '../../trace/tracedLayer';
import type { MatchedCell } from '../match/contract';
import { matchCells } from '../match/matchCells';
import type { Constants } from '../numeric/constants';
import type { FoundRecurrence, RecurrenceRead } from '../recurrence';
import { type CellRun, tracedCell } from '../tracedCell';
import { numbersIn } from '../weights';
import { changeBody, changeCell } from './changeBody';
import { type IndexedRead, indexedReads } from './direction';
import { bodyEquations } from './equations';
import { exposeStep, inRows } from './exposeStep';
import { fuseBody } from './fuseBody';
import { bodySignals, tracedBody, unitsOf } from './generic';
import { type LoopBody, readLoopBody, scansBackwards } from './loopBody';
import { stepGraphOf } from './stepGraph';

/**
 * The recurrences of a Scan or a Loop: the known cells that its body computes, else the body as it is; none where nothing is carried from step
 * to step. `outer` knows the constants of the graph.
 */
export function findBody(node: Node, outer: Constants): readonly FoundRecurrence[] {
  const loop = readLoopBody(node);
  if (loop === null || loop.states.length === 0) return [];
  const step = stepGraphOf(loop, outer);
  const indexed = indexedReads(loop, step);
  const cells = loop.batched ? [] : matchCells(step);
  const shared = { name: node.name, realisation: loop.kind, node, nodes: new Set([node]) } as const;
  if (cells.length > 0) {
    return cells.map((matched): FoundRecurrence => {
      const { cell, hidden, input, weights } = matched;
      const reverse = runsBackwards(loop, matched, indexed);
      return {
        ...shared,
        op: cell.title,
        title: cell.title,
        hidden,
        input,
        direction: reverse ? 'reverse' : 'forward',
        parameters: [...weights].reduce((sum, value) => sum + (step.constantOf(value)?.data.length ?? 0), 0),
        gates: cell.gates,
        equations: cell.steps.map(({ text }) => text),
        reads: readsOf(loop, indexed, matched),
        obstacle: null,
        trace: (b, change) => [tracedMatch(b, loop, matched, reverse, change)],
        fuse: (b, graph) => fuseBody(b, { loop, cells, indexed, reverse }, graph),
      };
    });
  }
  const signals = bodySignals(loop, step);
  // A loop that only counts carries nothing worth looking at.
  if (signals.named.size === 0) return [];
  return [
    {
      ...shared,
      op: node.op,
      title: node.op,
      // A loop of anybody's is listed even where the file says no sizes.
      hidden: unitsOf(loop) ?? 0,
      input: inputOf(loop) ?? 0,
      direction: scansBackwards(loop) ? 'reverse' : 'forward',
      parameters: numbersIn([...loop.body.nodes.flatMap(({ inputs }) => inputs)]),
      gates: [],
      equations: bodyEquations(loop, signals.named),
      reads: readsOf(loop, indexed, null),
      obstacle: loop.batched
        ? message(
            'The Scan "{0}" is of operator set 8, which runs the sequences of a batch one by one; export the model again with a newer opset.',
            node.name,
          )
        : null,
      trace: (b, change) => {
        if (change !== undefined) changeBody(b, loop, signals, change);
        return tracedBody(b, loop, signals);
      },
    },
  ];
}

/** Whether later steps read what stands earlier. */
function runsBackwards(loop: LoopBody, { x }: MatchedCell, indexed: readonly IndexedRead[]): boolean {
  if (loop.kind === 'scan') return scansBackwards(loop);
  const read = indexed.filter(({ inner }) => x.some(({ value }) => value === inner));
  const all = read.length > 0 ? read : indexed;
  return all.length > 0 && all.every(({ reverse }) => reverse);
}

function inputOf({ scanned }: LoopBody): number | null {
  const size = scanned[0]?.inner.type.shape?.at(-1) ?? scanned[0]?.outer?.type.shape?.at(-1);
  return typeof size === 'number' ? size : null;
}

/** The cell beside the loop that computes it: what it reads and its state at every step become outputs of the loop. */
function tracedMatch(b: Builder, loop: LoopBody, matched: MatchedCell, reverse: boolean, change?: Change): TracedLayer {
  const own = matched.signals.get(matched.cell.output);
  if (own === undefined) throw new UnrollError('internal', 'A cell gives out no {0}.', matched.cell.output);
  const changes = changesOf(change, matched.cell.states, { layer: 0, dtype: 'float32' });
  if (change !== undefined) changeCell(b, loop, matched, reverse, changes);
  return tracedCell(b, runOf(b, loop, matched, reverse), inStepOrder(b, loop, own, matched, reverse), changes);
}

/** A signal of the step as [steps, batch, hidden], by the places in what is read. */
function inStepOrder(
  b: Builder,
  loop: LoopBody,
  { value, axes }: Pick<MatchedCell['x'][number], 'value' | 'axes'>,
  { hidden }: MatchedCell,
  reverse: boolean,
  size = hidden,
): Value {
  const turn = reverse && loop.kind === 'loop';
  return inRows(b, exposeStep(b, loop, value), axes, size, `${loop.node.name}.batch`, turn);
}

function runOf(b: Builder, loop: LoopBody, matched: MatchedCell, reverse: boolean): CellRun {
  return {
    node: loop.node.name,
    matched,
    reverse,
    x: matched.x.map(({ value, axes, size }) => inStepOrder(b, loop, { value, axes }, matched, reverse, size)),
    initial: matched.stateOrder.map((index) => initialRows(b, loop, index, matched)),
  };
}

/** What a state begins with, as [batch, hidden]. */
function initialRows(b: Builder, loop: LoopBody, index: number, { stateAxes, hidden }: MatchedCell): Value {
  const initial = loop.states[index]?.initial;
  if (!initial) throw new UnrollError('internal', 'A Scan lacks a state.');
  // As if it were one step of a sequence.
  const shape = initial.type.shape ?? Array.from({ length: stateAxes.rank }, (_, axis) => `${initial.name}_${axis}`);
  const one = b.unsqueeze(new Value(initial.name, { dtype: initial.type.dtype, shape }), [0]);
  return b.squeeze(inRows(b, one, stateAxes, hidden, `${loop.node.name}.batch`, false), [0]);
}

/** What a loop reads from around it, and how the axes lie there as far as the cell in it tells. */
function readsOf(
  loop: LoopBody,
  indexed: readonly IndexedRead[],
  matched: MatchedCell | null,
): readonly RecurrenceRead[] {
  const reads: RecurrenceRead[] = [];
  const read = (outer: Value, inner: Value, axis: number, keepsAxis: boolean) => {
    const lookup = lookupOf(loop, inner);
    const batch = matched?.x.find(({ value }) => value === inner || value === lookup?.output)?.axes.batch ?? null;
    const shifted = batch === null || keepsAxis || batch < axis ? batch : batch + 1;
    const lies = { value: outer, steps: axis, batch: loop.batched ? 0 : shifted };
    reads.push(lookup === null ? { ...lies, kind: 'values' } : { ...lies, kind: 'tokens', tokens: lookup.tokens });
  };
  for (const { outer, inner, axis } of loop.scanned) if (outer !== null) read(outer, inner, axis, false);
  for (const { outer, inner, axis, removesAxis } of indexed) read(outer, inner, axis, !removesAxis);
  for (const [i, { initial }] of loop.states.entries()) {
    const batch = matched?.stateOrder.includes(i) ? matched.stateAxes.batch : null;
    if (initial !== null) reads.push({ value: initial, kind: 'state', steps: null, batch: loop.batched ? 0 : batch });
  }
  if (loop.kind === 'loop') {
    const [trips, condition] = loop.node.inputs;
    if (trips) reads.push({ value: trips, kind: 'lengths', steps: null, batch: null });
    if (condition) reads.push({ value: condition, kind: 'mask', steps: null, batch: null });
  }
  return reads;
}

/** Where a body looks up in a table what it reads; null where it takes it as it is. */
function lookupOf({ body }: LoopBody, read: Value): { readonly output: Value; readonly tokens: number | null } | null {
  const node = body.nodes.find(({ op, domain, inputs }) => op === 'Gather' && domain === '' && inputs[1] === read);
  const output = node?.outputs[0];
  if (!node || !output) return null;
  const rows = node.inputs[0]?.type.shape?.[intOf(node.attributes, 'axis', 0)];
  return { output, tokens: typeof rows === 'number' ? rows : null };
}
