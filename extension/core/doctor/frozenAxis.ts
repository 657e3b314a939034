import { message } from '../../protocol/messages';
import type { Node } from '../graph/graph';
import type { Dim } from '../graph/value';
import type { Model } from '../onnx/read';
import { int64s, sizeOf, toNumbers } from '../tensor';
import type { Ailment } from './ailment';
import { FreeSizes } from './freeSizes';
import { loosenShapes } from './looseShapes';

/**
 * Reshapes to a shape, written down or worked out, which only one size of a free axis can take: an exporter wrote the size that it traced
 * with. That is so where its numbers are not made up of the sizes that are known, so that the free axes must supply the rest.
 */
export const frozenAxis: Ailment = {
  code: 'frozenAxis',
  isFault: true,
  keepsNumbers: true,
  find: (model) => {
    const sizes = new FreeSizes(model.graph);
    return model.graph.nodes.flatMap((node) => {
      if (node.op !== 'Reshape' || node.domain !== '') return [];
      const found = frozenIn(node, sizes);
      if (found === null) return [];
      const { from, target } = found;
      const free = freed(from, target);
      return [
        {
          node: node.name,
          what: message(
            'The Reshape node "{0}" makes [{1}] of [{2}], which only one size of the free axes allows.',
            node.name,
            target.join(', '),
            from.join(', '),
          ),
          why: message(
            'The exporter wrote down the size that it traced with, so other sequences or batches fail at this node.',
          ),
          repair: free === null ? null : () => setTarget(model, node, free),
        },
      ];
    });
  },
};

interface Frozen {
  readonly from: readonly Dim[];
  readonly target: readonly number[];
}

function frozenIn({ inputs: [data, wanted] }: Node, sizes: FreeSizes): Frozen | null {
  if (!data || !wanted) return null;
  const known = sizes.shapeOf(data);
  const targets = sizes.both.map((each) => each.contentOf(wanted));
  const { constant } = wanted;
  const written = constant && sizeOf(constant.shape) <= mostAxes ? toNumbers(constant) : null;
  const from = known ?? data.type.shape;
  const target = written ?? targets[0] ?? null;
  if (from === null || target === null || target.length > mostAxes) return null;
  if (written !== null) return fitsAnySize(from, written) ? null : { from, target };
  // What is worked out of sizes may follow them; it is enough that it fits one of two that were tried.
  const fits = sizes.both.some((each, i) => {
    const [shape, asked] = [each.shapeOf(data), targets[i]];
    return !shape || !asked || fitsAnySize(shape, asked, true);
  });
  return fits ? null : { from, target };
}

/** No value has more axes. */
const mostAxes = 64;

/** Whether a shape can be taken; `exact` where all sizes are known and must be used up. */
function fitsAnySize(from: readonly Dim[], target: readonly number[], exact = false): boolean {
  // A 0 in the target keeps the axis at its place as it is.
  const kept = new Set(target.flatMap((size, axis) => (size === 0 ? [axis] : [])));
  const rest = from.filter((_, axis) => !kept.has(axis));
  if (!exact && !rest.some((dim) => typeof dim === 'string')) return true;
  const known = rest.reduce<number>((product, dim) => (typeof dim === 'number' ? product * dim : product), 1);
  const asked = target.filter((size) => size > 0).reduce((product, size) => product * size, 1);
  return target.includes(-1) ? asked > 0 && known % asked === 0 : exact && asked === known;
}

/**
 * The target with its frozen sizes freed: a free axis that stays first, or follows axes that stay, keeps its place (0), and one size
 * more may be left open (-1). Null where it cannot be told which of the sizes is meant.
 */
function freed(from: readonly Dim[], target: readonly number[]): readonly number[] | null {
  const known = from.filter((dim): dim is number => typeof dim === 'number' && dim !== 1);
  const left = [...known];
  // Sizes that the data has anyway stay as they are.
  const isFrozen = target.map((size) => {
    const at = left.indexOf(size);
    if (at >= 0) left.splice(at, 1);
    return size > 1 && at < 0;
  });
  const product = known.reduce((a, b) => a * b, 1);
  if (left.length > 0 && !target.some((size, i) => isFrozen[i] && size % left.reduce((a, b) => a * b, 1) === 0))
    return null;
  const next = target.map((size, axis) => (isFrozen[axis] && typeof from[axis] === 'string' ? 0 : size));
  const open = next.flatMap((size, axis) => (isFrozen[axis] && size !== 0 ? [axis] : []));
  const [first] = open;
  if (open.length > 1 || (first !== undefined && next.includes(-1))) return null;
  const made = next.map((size, axis) => (axis === first ? -1 : size));
  return product > 0 && fitsAnySize(from, made) ? made : null;
}

function setTarget(model: Model, node: Node, target: readonly number[]): void {
  const { graph } = model;
  const wanted = graph.initializer('shape', int64s(target));
  const [data = null] = node.inputs;
  // Zeros are to keep the axis at their place.
  const { allowzero: _, ...attributes } = node.attributes;
  graph.nodes[graph.nodes.indexOf(node)] = { ...node, inputs: [data, wanted], attributes };
  loosenShapes(model);
}
