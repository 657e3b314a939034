import type { Finding } from '../../protocol/doctor';
import type { Model } from '../onnx/read';
import type { Surroundings } from './ailment';
import { ailments } from './ailments';

/** Looks a model over, whose weights need not have been read. */
export function examineModel(model: Model, surroundings: Surroundings): readonly Finding[] {
  const found = ailments.flatMap((ailment) => ailment.find(model, surroundings).map((place) => ({ ailment, place })));
  const isHopeless = found.some(({ ailment }) => ailment.isFinal);
  return found
    .filter(({ place }) => !isHopeless || place.repair === null)
    .map(({ ailment: { code, isFault }, place: { repair, ...place } }) => ({
      code,
      isFault,
      ...place,
      repairable: repair !== null,
    }));
}

/** Whether nothing of a model can be repaired, whatever else ails it. */
export const isHopeless = (model: Model, surroundings: Surroundings): boolean =>
  ailments.some(({ isFinal, find }) => isFinal && find(model, surroundings).length > 0);
