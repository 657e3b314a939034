import { message } from '../../protocol/messages';
import type { Dim, Value } from '../graph/value';
import type { Model } from '../onnx/read';
import type { Ailment } from './ailment';
import { FreeSizes } from './freeSizes';
import { loosenShapes } from './looseShapes';

/**
 * Values whose declared shapes contradict the nodes that make them: they were written down for one length, and onnxruntime's optimiser
 * believes them.
 */
export const declaredShape: Ailment = {
  code: 'declaredShape',
  isFault: true,
  keepsNumbers: true,
  find: (model) => {
    const [first] = contradictionsIn(model);
    if (first === undefined) return [];
    const { node, value, declared, made } = first;
    return [
      {
        node,
        what: message(
          'The file says that {0} is [{1}], but its node gives [{2}].',
          value,
          declared.join(', '),
          made.join(', '),
        ),
        why: message(
          'The exporter wrote down the sizes that it traced with and onnxruntime believes them, so other sequences or batches fail; a copy without these declarations takes any.',
        ),
        repair: () => loosenShapes(model),
      },
    ];
  },
};

interface Contradiction {
  readonly node: string;
  readonly value: string;
  readonly declared: readonly Dim[];
  readonly made: readonly Dim[];
}

function contradictionsIn({ graph, proto }: Model): readonly Contradiction[] {
  const said = new Set([...(proto.graph?.valueInfo ?? []), ...(proto.graph?.output ?? [])].map(({ name }) => name));
  if (said.size === 0) return [];
  const sizes = new FreeSizes(graph);
  return graph.nodes.flatMap((node) =>
    node.outputs.flatMap((output): Contradiction[] => {
      if (output === null || !said.has(output.name)) return [];
      const made = sizes.shapeOf(output);
      return made !== null && differs(output, made)
        ? [{ node: node.name, value: output.name, declared: output.type.shape ?? [], made }]
        : [];
    }),
  );
}

/** Whether a declared number is another one, or free. Other ranks are other faults. */
const differs = ({ type: { shape } }: Value, made: readonly Dim[]) =>
  shape?.length === made.length && shape.some((dim, axis) => typeof dim === 'number' && dim !== made[axis]);
