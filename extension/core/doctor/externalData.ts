import { message } from '../../protocol/messages';
import { externalParts } from '../onnx/externalData';
import type { Ailment, Place } from './ailment';

/** Weights in other files that are not there or must not be read. */
export const externalData: Ailment = {
  code: 'externalData',
  isFault: true,
  keepsNumbers: true,
  find: (model, { placeOf }) => {
    const parts = new Map(externalParts(model).map((part) => [part.location, part] as const));
    return [...parts.values()].flatMap((part): Place[] => {
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
      return [{ node: null, what, why, repair: null }];
    });
  },
};
