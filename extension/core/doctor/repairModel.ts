import type { Repair } from '../../protocol/doctor';
import { bodiesOf, type Graph, usesOf } from '../graph/graph';
import { type Original, originalOf, writeExtended } from '../onnx/extend';
import { inNewerOpset } from '../onnx/opset';
import { type Model, readModel } from '../onnx/read';
import type { Ailment, Surroundings } from './ailment';

/** A copy of a model in which every place of one ailment is put right. */
export function repairModel(
  bytes: Uint8Array,
  { code, find, newOperators }: Ailment,
  surroundings: Surroundings,
): { readonly bytes: Uint8Array; readonly repaired: Repair['repaired'] } {
  const read = readModel(bytes);
  const model = newOperators ? inNewerOpset(read) : read;
  const original = originalOf(model.graph);
  const places = find(model, surroundings).filter(({ repair }) => repair !== null);
  if (places.length === 0) return { bytes, repaired: [] };
  const before = namesIn(model.graph);
  // From the last on: what one repair joins of many steps, that before it finds joined.
  for (const { repair } of places.toReversed()) repair?.();
  leaveOut(model, original, before);
  return { bytes: writeExtended(model, original), repaired: places.map(({ node }) => ({ code, node })) };
}

/** Leaves out the weights, and what is said of values, that went with the nodes that were replaced. */
function leaveOut({ graph, proto }: Model, { initializers }: Original, before: ReadonlySet<string>): void {
  const now = namesIn(graph);
  const isGone = ({ name }: { readonly name: string }) => before.has(name) && !now.has(name);
  for (const value of [...graph.initializers].slice(initializers)) {
    if (!now.has(value.name)) graph.initializers.delete(value);
  }
  const target = proto.graph;
  if (target === undefined) return;
  const gone = new Set(target.initializer.filter(isGone).map(({ name }) => name));
  target.initializer = target.initializer.filter((tensor) => !isGone(tensor));
  // Files of old versions list their weights among their inputs.
  target.input = target.input.filter(({ name }) => !gone.has(name));
  target.valueInfo = target.valueInfo.filter((value) => !isGone(value));
}

/** The names of the values that a graph computes with. */
function namesIn(graph: Graph, names = new Set<string>()): Set<string> {
  for (const { name } of graph.outputs) names.add(name);
  for (const node of graph.nodes) {
    for (const output of node.outputs) if (output !== null) names.add(output.name);
    for (const { name } of usesOf(node)) names.add(name);
    for (const body of bodiesOf(node)) namesIn(body, names);
  }
  return names;
}
