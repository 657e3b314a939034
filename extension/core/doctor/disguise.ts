import { message } from '../../protocol/messages';
import { Builder } from '../graph/builder';
import { Graph } from '../graph/graph';
import type { FoundRecurrence } from '../recurrences/recurrence';
import { replaceValues } from '../recurrences/replaceValues';
import type { Ailment } from './ailment';
import { recurrencesOf } from './operators';

/** An RNN, LSTM or GRU that a Scan, a Loop or its steps one after the other compute with plain operators. */
export const disguise: Ailment = {
  code: 'disguise',
  isFault: false,
  keepsNumbers: true,
  newOperators: true,
  find: (model) => {
    const { graph } = model;
    // Cells of one body are written together, so one place tells of all of them.
    const seen = new Set<FoundRecurrence['node']>();
    return recurrencesOf(model).flatMap((found) => {
      const { node, op, title, hidden, realisation } = found;
      if (node !== null && seen.has(node)) return [];
      if (node !== null) seen.add(node);
      if (found.fuse === undefined || !fits(found, graph)) return [];
      const what =
        node === null
          ? message(
              'Plain operators, step after step, are a recurrence in disguise: {0} with {1} units.',
              title,
              hidden ?? 0,
            )
          : message(
              'The {0} "{1}" is a recurrence in disguise: {2} with {3} units.',
              node.op,
              node.name,
              op,
              hidden ?? 0,
            );
      const why =
        realisation === 'unrolled'
          ? message(
              'Every step has nodes of its own, so the file grows with the length of the sequence and onnxruntime runs step after step node by node; a copy can hold one fused operator.',
            )
          : message(
              'onnxruntime runs the body node by node at every step, and other tools do not see the layer; a copy can hold one fused operator.',
            );
      const repair = () => {
        const b = new Builder(graph);
        const replacements = found.fuse?.(b, graph);
        if (replacements) replaceValues(b, replacements);
      };
      return [{ node: node?.name ?? found.name, what, why, repair }];
    });
  },
};

/** Whether its operator can be written, which is tried in a graph of its own. */
function fits(found: FoundRecurrence, graph: Graph): boolean {
  return (found.fuse?.(new Builder(new Graph('tried')), graph)?.size ?? 0) > 0;
}
