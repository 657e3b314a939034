import { Builder } from '../graph/builder';
import type { Graph } from '../graph/graph';
import { originalOf, writeExtended } from '../onnx/extend';
import { inNewerOpset } from '../onnx/opset';
import { type Model, readModel } from '../onnx/read';
import { findRecurrences } from '../recurrences/findRecurrences';
import type { FoundRecurrence } from '../recurrences/recurrence';
import { requireTensors } from './tensorBorders';
import type { TracedLayer } from './tracedLayer';

/** A model that gives out its inner signals beside its own outputs. */
export interface TracedModel {
  readonly bytes: Uint8Array;
  /** The names of the model's own outputs; a signal may be one of them. */
  readonly outputs: readonly string[];
  readonly layers: readonly TracedLayer[];
}

/**
 * Adds to a model, for every recurrence in it, the cell that it computes, written out, with every signal as an output. What is there
 * stays, so that the written-out cell can be compared with it; but a node that onnxruntime has no kernel for gives way to its cell.
 * A recurrence that cannot be followed is left out.
 * @throws UnrollError `model` where the model cannot be read or run.
 */
export function traceModel(bytes: Uint8Array): TracedModel {
  const { model, recurrences } = followed(bytes);
  const { graph } = model;
  const original = originalOf(graph);
  const outputs = graph.outputs.map(({ name }) => name);
  const b = new Builder(graph);
  const layers = recurrences.flatMap((recurrence) => recurrence.trace(b));
  return { bytes: writeExtended(model, original), outputs, layers };
}

/** A model in an operator set that can be added to, with those of its recurrences that can be followed. */
export function followed(bytes: Uint8Array): {
  readonly model: Model;
  readonly recurrences: readonly FoundRecurrence[];
} {
  const read = readModel(bytes);
  requireTensors(read.proto.graph);
  const clear = (graph: Graph) => findRecurrences(graph).filter(({ obstacle }) => obstacle === null);
  const recurrences = clear(read.graph);
  const model = recurrences.length > 0 ? inNewerOpset(read) : read;
  return { model, recurrences: model === read ? recurrences : clear(model.graph) };
}
