import type { Finding } from '../../protocol/doctor';
import { message } from '../../protocol/messages';
import type { Node } from '../graph/graph';
import { type ExternalPart, externalParts } from '../onnx/externalData';
import { type Model, readModel } from '../onnx/read';
import { intOf } from '../ops/arguments';
import { findRecurrences } from '../recurrences/findRecurrences';
import type { FoundRecurrence } from '../recurrences/recurrence';
import { sizeOf } from '../tensor';
import { frozenAxes } from './frozenAxes';
import { hasWrongReset } from './gruReset';

/**
 * Looks a model over. `placeOf` says how it stands with the file of an external tensor.
 * @throws UnrollError `model` where the bytes are no model.
 */
export function examineModel(
  bytes: Uint8Array,
  placeOf: (part: ExternalPart) => 'there' | 'missing' | 'outside',
): readonly Finding[] {
  const model = readModel(bytes);
  const recurrences = findRecurrences(model.graph);
  return [
    ...externalData(model, placeOf),
    ...recurrences.flatMap((recurrence) => recurrentFindings(model, recurrence)),
    ...frozenAxes(model.graph),
    ...(recurrences.length > 0 ? fixedShapes(model) : []),
    ...mixedPrecision(model),
  ];
}

function recurrentFindings(model: Model, { realisation, node }: FoundRecurrence): Finding[] {
  if (realisation !== 'operator' || node === null) return [];
  return operatorFindings(model, node);
}

function operatorFindings(model: Model, node: Node): Finding[] {
  const { op, name } = node;
  const findings: Finding[] = [];
  if (intOf(node.attributes, 'layout', 0) === 1) {
    findings.push({
      code: 'layout',
      node: name,
      what: message('The {0} node "{1}" has layout=1: the batch comes first.', op, name),
      why: message('onnxruntime refuses to load it; a copy with the axes turned around the node computes the same.'),
      repairable: true,
    });
  }
  if (hasWrongReset(model, node)) {
    findings.push({
      code: 'gruReset',
      node: name,
      what: message('The GRU node "{0}" resets the state before its product, but PyTorch resets after it.', name),
      why: message('The exporter left out linear_before_reset=1, so the file does not compute what was trained.'),
      repairable: true,
    });
  }
  if (node.inputs[1]?.type.dtype === 'float64') {
    findings.push({
      code: 'noKernel',
      node: name,
      what: message('The {0} node "{1}" computes in float64.', op, name),
      why: message('onnxruntime has no kernel for that; export the model in float32.'),
      repairable: false,
    });
  }
  const states = op === 'LSTM' ? [5, 6] : [5];
  if (states.some((i) => !node.inputs[i] || node.inputs[i].constant !== null)) {
    findings.push({
      code: 'initialState',
      node: name,
      what: message('The {0} node "{1}" does not take its initial state from an input.', op, name),
      why: message('Every run starts anew, so a long sequence cannot be gone on with in a second run.'),
      repairable: false,
    });
  }
  return findings;
}

function externalData(model: Model, placeOf: (part: ExternalPart) => 'there' | 'missing' | 'outside'): Finding[] {
  const parts = new Map(externalParts(model).map((part) => [part.location, part] as const));
  return [...parts.values()].flatMap((part): Finding[] => {
    const place = placeOf(part);
    if (place === 'there') return [];
    const what =
      place === 'missing'
        ? message('Weights lie in {0}, which is not there.', part.location)
        : message('Weights lie in {0}, outside the folder of the model.', part.location);
    const why =
      place === 'missing'
        ? message('The model cannot run without them; put that file beside the model.')
        : message('Nothing is read there, since a model file could name any file; put the weights beside the model.');
    return [{ code: 'externalData', node: null, what, why, repairable: false }];
  });
}

/** Inputs of a recurrent model that fix the length of the sequences and the size of the batch. */
function fixedShapes({ graph }: Model): Finding[] {
  return graph.inputs.flatMap(({ name, type: { shape } }): Finding[] => {
    if (shape === null || shape.length < 2 || shape.some((dim) => typeof dim === 'string')) return [];
    return [
      {
        code: 'fixedShape',
        node: null,
        what: message('The input {0} has the fixed shape [{1}].', name, shape.join(', ')),
        why: message('Other lengths and batches are refused; export the model with dynamic axes to use them.'),
        repairable: false,
      },
    ];
  });
}

function mixedPrecision({ graph }: Model): Finding[] {
  const counts = new Map<string, number>();
  for (const { type } of graph.initializers) {
    if (!type.dtype.startsWith('float') || type.shape === null || type.shape.length === 0) continue;
    counts.set(type.dtype, (counts.get(type.dtype) ?? 0) + sizeOf(type.shape.map(Number)));
  }
  if (counts.size < 2) return [];
  const found = [...counts].map(([dtype, count]) => `${dtype} ${count}`).join(', ');
  return [
    {
      code: 'mixedPrecision',
      node: null,
      what: message('The weights are of more than one precision: {0} numbers.', found),
      why: message('What is computed is as precise as the least of them; check that this was meant.'),
      repairable: false,
    },
  ];
}
