import type { ModelDescription, RecurrentLayer } from '../../protocol/model';
import { sourceOf } from '../onnx/byteSource';
import { type Outline, readOutline } from '../onnx/read';
import { producer } from '../onnx/write';
import { findRecurrences } from '../recurrences/findRecurrences';
import { nestedRecurrences } from '../recurrences/hindered';
import type { FoundRecurrence } from '../recurrences/recurrence';
import { Boxes } from './boxes';
import { diagramOf, fixedIn } from './diagram';
import { remarksOf } from './remarks';
import { cut, elements, longestName } from './texts';

/** Says what an ONNX file is: its borders, its recurrences, its parameters, and a diagram of what stands between. */
export function describeModel(bytes: Uint8Array): ModelDescription {
  return describeOutline(readOutline(sourceOf(bytes)));
}

/** The same of a file that was read without its weights. `recurrences` are those of its graph. */
export function describeOutline(
  outline: Outline,
  recurrences: readonly FoundRecurrence[] = findRecurrences(outline.graph),
): ModelDescription {
  const { graph, proto, opset } = outline;
  // What we wrote ourselves tells of nobody's machine.
  const ours = proto.producerName === producer;
  const boxes = new Boxes(outline, fixedIn(graph));
  const said = proto.metadataProps.map(({ key, value }) => [key, value] as const);
  const [remarks, documents] = [said, documentsOf(outline)].map((pairs) =>
    remarksOf(pairs).map((remark) => (ours ? { ...remark, sensitive: false } : remark)),
  );
  return {
    producer: cut([proto.producerName, proto.producerVersion].filter((part) => part !== '').join(' '), longestName),
    opset,
    parameters: [...graph.initializers]
      .filter((value) => boxes.isParameter(value))
      .reduce((sum, value) => sum + elements(value), 0),
    inputs: graph.inputs.map((value) => boxes.port(value)),
    outputs: graph.outputs.map((value) => boxes.port(value)),
    recurrent: [...recurrences, ...nestedRecurrences(graph)].flatMap(recurrentLayer),
    diagram: diagramOf(outline, recurrences, ours),
    metadata: Object.fromEntries(said.filter((_, i) => remarks?.[i]?.sensitive === false)),
    remarks: [...(remarks ?? []), ...(documents ?? [])],
  };
}

const documentsOf = ({ proto }: Outline): (readonly [string, string])[] =>
  [proto.docString, proto.graph?.docString ?? '']
    .filter((text) => text !== '')
    .map((text) => ['doc_string', text] as const);

/** A recurrence as it is listed; none for one whose size the file does not say. */
function recurrentLayer({
  name,
  op,
  realisation,
  hidden,
  input,
  direction,
  parameters,
  gates,
}: FoundRecurrence): RecurrentLayer[] {
  if (hidden === null || input === null) return [];
  return [{ node: cut(name, longestName), op, realisation, hidden, input, direction, parameters, gates }];
}
