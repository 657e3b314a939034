import { message } from '../../protocol/messages';
import type { Node } from '../graph/graph';
import type { Dim } from '../graph/value';
import { operatorOrNull } from '../ops/table';
import type { Ailment } from './ailment';
import { loosenShapes } from './looseShapes';

/**
 * Inner values whose declared shapes contradict the nodes that make them: they were written down for one length, and onnxruntime's
 * optimiser believes them.
 */
export const declaredShape: Ailment = {
  code: 'declaredShape',
  isFault: true,
  keepsNumbers: true,
  find: (model) => {
    const [first] = model.graph.nodes.flatMap((node) => contradictionsOf(node));
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

function contradictionsOf(node: Node): readonly Contradiction[] {
  const known = node.inputs.every((value) => value === null || value.type.shape !== null);
  if (node.domain !== '' || !known) return [];
  const inferred = inferredTypes(node);
  return node.outputs.flatMap((output, i) => {
    const [declared, made] = [output?.type.shape, inferred[i]?.shape];
    if (!output || !declared || !made || declared.length !== made.length) return [];
    const differs = declared.some(
      (dim, axis) => typeof dim === 'number' && typeof made[axis] === 'number' && dim !== made[axis],
    );
    return differs ? [{ node: node.name, value: output.name, declared, made }] : [];
  });
}

function inferredTypes({ op, inputs, attributes }: Node) {
  try {
    return operatorOrNull(op)?.infer({ inputs, attributes }) ?? [];
  } catch {
    // What an operator refuses here, onnxruntime will say better.
    return [];
  }
}
