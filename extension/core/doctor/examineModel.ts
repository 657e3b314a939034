import type { Finding } from '../../protocol/doctor';
import { readModel } from '../onnx/read';
import type { Surroundings } from './ailment';
import { ailments } from './ailments';

/** Looks a model over. @throws UnrollError `model` where the bytes are no model. */
export function examineModel(bytes: Uint8Array, surroundings: Surroundings): readonly Finding[] {
  const model = readModel(bytes);
  return ailments.flatMap(({ code, isFault, find }) =>
    find(model, surroundings).map(({ repair, ...place }) => ({ code, isFault, ...place, repairable: repair !== null })),
  );
}
