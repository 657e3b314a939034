import type { Graph, Node } from '../graph/graph';
import type { Value } from '../graph/value';
import { at, axisOf, intOf, intsOf } from '../ops/arguments';
import { toNumbers } from '../tensor';

/** Something that a model reads step by step. */
export interface Read {
  /** The input of the graph. */
  readonly name: string;
  readonly kind: 'values' | 'tokens';
  /** Where the steps and the items of the batch lie among its axes; null where they do not. */
  readonly steps: number | null;
  readonly batch: number | null;
}

/** Where a gradient with respect to something that is read is taken. */
export interface Source extends Read {
  /**
   * The input itself, or for tokens the numbers that the model makes of them: rows of an embedding, ones among zeros. The axes are those
   * of this value.
   */
  readonly value: Value;
}

/** Where the gradients of what a model reads are taken; tokens whose way into the numbers cannot be followed have none. */
export function sourcesOf(graph: Graph, reads: readonly Read[]): readonly Source[] {
  return reads.flatMap((read): Source[] => {
    const input = graph.inputs.find(({ name }) => name === read.name);
    if (input === undefined) return [];
    if (read.kind === 'values') return isFloat(input) ? [{ ...read, value: input }] : [];
    return firstNumbers(graph, read, input);
  });
}

const isFloat = ({ type }: Value) => type.dtype === 'float32' || type.dtype === 'float64';

/** Every value of floats that is made of tokens alone. */
function firstNumbers(graph: Graph, read: Read, input: Value): Source[] {
  const axes = new Map<Value, Pick<Read, 'steps' | 'batch'>>([[input, read]]);
  const found: Source[] = [];
  for (const node of graph.nodes) {
    const from = node.inputs.findIndex((value) => value !== null && axes.has(value));
    const [output] = node.outputs;
    if (from < 0 || !output) continue;
    const moved = movedBy(node, from, at(node.inputs, from) as Value);
    if (moved === null) continue;
    const { steps, batch } = axes.get(at(node.inputs, from) as Value) ?? read;
    const here = { steps: steps === null ? null : moved(steps), batch: batch === null ? null : moved(batch) };
    if (isFloat(output)) found.push({ ...read, ...here, value: output });
    else axes.set(output, here);
  }
  return found;
}

/** Where an axis of the input `from` of a node lies in its output; null for a node that does more than to look up or to rearrange. */
function movedBy(node: Node, from: number, input: Value): ((axis: number) => number) | null {
  const { op, domain, inputs, attributes } = node;
  const rank = input.type.shape?.length ?? 0;
  if (domain !== '') return null;
  switch (op) {
    case 'Cast':
    case 'Identity':
    case 'Clip':
      return (axis) => axis;
    case 'Gather':
      // The indices' axes stand where the axis that is picked from was.
      return from === 1
        ? (axis) => axis + axisOf(intOf(attributes, 'axis', 0), inputs[0]?.type.shape?.length ?? 1)
        : null;
    case 'OneHot': {
      const added = axisOf(intOf(attributes, 'axis', -1), rank + 1);
      return from === 0 ? (axis) => (axis < added ? axis : axis + 1) : null;
    }
    case 'Equal': {
      const other = inputs[1 - from]?.type.shape?.length ?? 0;
      return (axis) => axis + Math.max(0, other - rank);
    }
    case 'Transpose': {
      const perm = intsOf(attributes, 'perm') ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
      return (axis) => perm.indexOf(axis);
    }
    case 'Unsqueeze': {
      const axes = axesOf(node, rank, true);
      if (axes === null) return null;
      const places = Array.from({ length: rank + axes.length }, (_, i) => i).filter((i) => !axes.includes(i));
      return (axis) => places[axis] ?? axis;
    }
    case 'Squeeze': {
      const axes = axesOf(node, rank, false);
      return axes === null ? null : (axis) => axis - axes.filter((gone) => gone < axis).length;
    }
    default:
      return null;
  }
}

function axesOf({ inputs }: Node, rank: number, adds: boolean): readonly number[] | null {
  const constant = inputs[1]?.constant;
  if (!constant) return null;
  const axes = toNumbers(constant);
  return axes.map((axis) => axisOf(axis, adds ? rank + axes.length : rank));
}
