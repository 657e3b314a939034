import type { Node } from '../graph/graph';
import type { Value } from '../graph/value';
import { axisOf, intOf } from '../ops/arguments';
import type { LoopBody } from '../recurrences/body/loopBody';
import { evaluate } from '../recurrences/numeric/evaluate';
import { made, NotNumeric, type Numbers, numbersOf } from '../recurrences/numeric/numbers';

/** A node of a loop's body that takes one place of a value from around the loop, another at every step. */
export interface Lookup {
  readonly node: Node;
  readonly outer: Value;
  /** What the step reads. */
  readonly inner: Value;
  readonly axis: number;
  /** Whether the axis is gone in what the step reads; else it has one element. */
  readonly removesAxis: boolean;
  /** One a step, from 0. */
  readonly places: readonly number[];
}

/** The lookups of a Loop that runs so often, as far as their places follow from the number of the step and from counts that it carries. */
export function lookupsOf(loop: LoopBody, trips: number): readonly Lookup[] {
  const { body } = loop;
  const inside = new Set<Value | null>([...body.inputs, ...body.nodes.flatMap(({ outputs }) => outputs)]);
  return body.nodes.flatMap((node): Lookup[] => {
    const [outer, index] = node.inputs;
    const [inner] = node.outputs;
    const size = outer?.type.shape;
    if (node.domain !== '' || !outer || !index || !inner || !size || inside.has(outer)) return [];
    if (node.op !== 'Gather' && node.op !== 'Slice') return [];
    const asked = node.op === 'Gather' ? intOf(node.attributes, 'axis', 0) : axisOfSlice(node);
    if (asked === null) return [];
    const axis = axisOf(asked, size.length);
    const dim = Number(size[axis]);
    const end = node.op === 'Slice' ? (node.inputs[2] ?? null) : null;
    const steps = numbersAt(loop, trips, [index, ...(end === null ? [] : [end])]);
    const fromFront = (place: number) => (place < 0 ? place + dim : place);
    const places = steps?.map(([from]) => fromFront(from?.data[0] ?? Number.NaN));
    const single = steps?.every(([from, to]) => {
      const first = from?.data[0] ?? Number.NaN;
      const after = to === undefined ? first + 1 : (to.data[0] ?? Number.NaN);
      return (
        from?.data.length === 1 && fromFront(first) + 1 === (after <= 0 && first < 0 ? fromFront(after) || dim : after)
      );
    });
    const fits = places?.every((place) => Number.isInteger(place) && place >= 0 && place < dim);
    if (places === undefined || !fits || !single) return [];
    const removesAxis = node.op === 'Gather' && steps?.[0]?.[0]?.shape.length === 0;
    // A list of one index keeps the axis, and a longer one is no single place.
    return [{ node, outer, inner, axis, removesAxis, places }];
  });
}

function axisOfSlice({ inputs: [, starts, , axes, steps] }: Node): number | null {
  if (steps && Number(steps.constant?.data[0] ?? 0) !== 1) return null;
  if (!axes) return starts ? 0 : null;
  return axes.constant?.data.length === 1 ? Number(axes.constant.data[0]) : null;
}

/** What values of the body are at each step; null where they follow from more than the step's number and counts. */
function numbersAt(
  loop: LoopBody,
  trips: number,
  wanted: readonly Value[],
): (readonly (Numbers | undefined)[])[] | null {
  const { body, iteration, states } = loop;
  const given = new Map<Value, Numbers>();
  const inside = new Set<Value | null>(body.nodes.flatMap(({ outputs }) => outputs));
  for (const { inputs } of body.nodes) {
    for (const input of inputs) {
      if (input?.constant && !inside.has(input)) given.set(input, numbersOf(input.constant));
    }
  }
  const counts = states.filter(({ before, initial }) => before.type.dtype.startsWith('int') && initial?.constant);
  for (const { before, initial } of counts) if (initial?.constant) given.set(before, numbersOf(initial.constant));
  try {
    return Array.from({ length: trips }, (_, step) => {
      if (iteration !== null) given.set(iteration, made((iteration.type.shape ?? []).map(Number), [step]));
      const all = evaluate(body.nodes, given, [...wanted, ...counts.map(({ after }) => after)]);
      for (const { before, after } of counts) {
        const next = all.get(after);
        if (next !== undefined) given.set(before, next);
      }
      return wanted.map((value) => all.get(value));
    });
  } catch (error) {
    if (error instanceof NotNumeric) return null;
    throw error;
  }
}
