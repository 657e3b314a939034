import type { Finding } from '../../protocol/doctor';
import { message } from '../../protocol/messages';
import type { Graph } from '../graph/graph';
import { toNumbers } from '../tensor';

/**
 * The Reshapes to a constant shape which only one size of a free axis can take: an exporter wrote the size that it traced with. That
 * is so where the constants are not made up of the sizes that are known, so that the free axes must supply the rest.
 */
export function frozenAxes({ nodes }: Graph): readonly Finding[] {
  return nodes.flatMap((node): readonly Finding[] => {
    const [data, wanted] = node.inputs;
    const from = data?.type.shape ?? null;
    const target = wanted?.constant ? toNumbers(wanted.constant) : null;
    if (node.op !== 'Reshape' || node.domain !== '' || from === null || target === null) return [];
    // A 0 in the target keeps the axis at its place as it is.
    const kept = new Set(target.flatMap((size, axis) => (size === 0 ? [axis] : [])));
    const rest = from.filter((_, axis) => !kept.has(axis));
    if (!rest.some((dim) => typeof dim === 'string')) return [];
    const known = rest.reduce<number>((product, dim) => (typeof dim === 'number' ? product * dim : product), 1);
    const asked = target.filter((size) => size > 0).reduce((product, size) => product * size, 1);
    const fitsAny = target.includes(-1) && asked > 0 && known % asked === 0;
    if (fitsAny) return [];
    return [
      {
        code: 'frozenAxis',
        node: node.name,
        what: message(
          'The Reshape node "{0}" makes [{1}] of [{2}], which only one size of the free axes allows.',
          node.name,
          target.join(', '),
          from.join(', '),
        ),
        why: message(
          'The exporter wrote down the size that it traced with, so other sequences or batches fail at this node; export the model again.',
        ),
        repairable: false,
      },
    ];
  });
}
