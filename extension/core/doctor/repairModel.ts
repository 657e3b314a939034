import type { Repair } from '../../protocol/doctor';
import { originalOf, writeExtended } from '../onnx/extend';
import { readModel } from '../onnx/read';
import type { Ailment, Surroundings } from './ailment';

/** A copy of a model in which every place of one ailment is put right. */
export function repairModel(
  bytes: Uint8Array,
  { code, find }: Ailment,
  surroundings: Surroundings,
): { readonly bytes: Uint8Array; readonly repaired: Repair['repaired'] } {
  const model = readModel(bytes);
  const original = originalOf(model.graph);
  const places = find(model, surroundings).filter(({ repair }) => repair !== null);
  for (const { repair } of places) repair?.();
  if (places.length === 0) return { bytes, repaired: [] };
  return { bytes: writeExtended(model, original), repaired: places.map(({ node }) => ({ code, node })) };
}
