import type { Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { axisOf, intOf } from '../../ops/arguments';
import type { StepGraph } from '../match/contract';
import { evaluate } from '../numeric/evaluate';
import { made, NotNumeric, type Numbers } from '../numeric/numbers';
import type { LoopBody } from './loopBody';

/** A value from around a Loop of which every step reads its own part. */
export interface IndexedRead {
  readonly outer: Value;
  /** What the step reads of it. */
  readonly inner: Value;
  readonly axis: number;
  /** Whether the axis is gone in what the step reads. */
  readonly removesAxis: boolean;
  /** Whether a later step reads what stands earlier. */
  readonly reverse: boolean;
}

/** What a Loop takes step by step from around it, by the number of the step. */
export function indexedReads(loop: LoopBody, step: StepGraph): readonly IndexedRead[] {
  const { iteration, body } = loop;
  if (iteration === null) return [];
  const inside = new Set<Value>([
    ...body.inputs,
    ...body.nodes.flatMap(({ outputs }) => outputs.filter((o) => o !== null)),
  ]);
  return body.nodes.flatMap((node): IndexedRead[] => {
    const [data, index] = node.inputs;
    const [inner] = node.outputs;
    if (node.domain !== '' || !data || !index || !inner || inside.has(data) || step.constantOf(data) !== null)
      return [];
    const axis = axisRead(node, step, data);
    if (axis === null) return [];
    const [first, second] = [indexAt(loop, step, index, 0), indexAt(loop, step, index, 1)];
    if (first === null || second === null || first.data.length !== 1) return [];
    const [from = 0, to = 0] = [first.data[0], second.data[0]];
    if (from === to) return [];
    const removesAxis = node.op === 'SequenceAt' || (node.op === 'Gather' && first.shape.length === 0);
    return [{ outer: data, inner, axis, removesAxis, reverse: to < from }];
  });
}

function axisRead(node: Node, step: StepGraph, data: Value): number | null {
  const rank = data.type.shape?.length;
  if (node.op === 'Gather') return axisOf(intOf(node.attributes, 'axis', 0), rank ?? 0);
  if (node.op !== 'Slice') return null;
  const axes = node.inputs[3] ? step.constantOf(node.inputs[3]) : null;
  if (node.inputs[3] && axes?.data.length !== 1) return null;
  return axisOf(axes?.data[0] ?? 0, rank ?? 0);
}

/**
 * What an index is in the first step or in the one after it. Sizes from around the loop are taken to be ten; a count that the loop carries
 * itself is what the first step leaves.
 */
function indexAt(loop: LoopBody, step: StepGraph, index: Value, number: 0 | 1): Numbers | null {
  const { iteration, body, states } = loop;
  const given = new Map<Value, Numbers>();
  const give = (value: Value, known: Numbers | null, otherwise: number) => {
    const shape = (value.type.shape ?? []).map((dim) => (typeof dim === 'number' ? dim : 10));
    given.set(value, known ?? { shape, data: made(shape).data.fill(otherwise) });
  };
  try {
    const inside = new Set(body.nodes.flatMap(({ outputs }) => outputs));
    for (const { inputs } of body.nodes) {
      for (const input of inputs) {
        if (input !== null && !inside.has(input) && !given.has(input)) give(input, step.constantOf(input), 10);
      }
    }
    for (const { before, initial } of states) give(before, initial && step.constantOf(initial), 10);
    if (iteration !== null) give(iteration, null, 0);
    if (number === 0) return evaluate(body.nodes, given, [index]).get(index) ?? null;
    const counts = states.filter(({ before }) => before.type.dtype.startsWith('int'));
    const left = evaluate(
      body.nodes,
      given,
      counts.map(({ after }) => after),
    );
    for (const { before, after } of counts) give(before, left.get(after) ?? null, 10);
    if (iteration !== null) give(iteration, null, 1);
    return evaluate(body.nodes, given, [index]).get(index) ?? null;
  } catch (error) {
    if (error instanceof NotNumeric) return null;
    throw error;
  }
}
