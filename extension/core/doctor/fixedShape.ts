import { create } from '@bufbuild/protobuf';
import { message } from '../../protocol/messages';
import { TensorShapeProto_DimensionSchema } from '../onnx/onnx_pb';
import type { Model } from '../onnx/read';
import type { Ailment } from './ailment';
import { loosenShapes } from './looseShapes';
import { recurrencesOf } from './operators';

/** Inputs of a recurrent model that fix the length of the sequences or the size of the batch. */
export const fixedShape: Ailment = {
  code: 'fixedShape',
  isFault: false,
  keepsNumbers: true,
  find: (model, { axesOf }) => {
    const { graph } = model;
    const recurrences = recurrencesOf(model);
    if (recurrences.length === 0) return [];
    // Steps that stand one after the other are as many as they are.
    const canVary = recurrences.every(({ realisation }) => realisation !== 'unrolled');
    const fixed = graph.inputs.flatMap(({ name, type }) => {
      if (type.shape === null || type.shape.length < 2) return [];
      const axes = axesOf(model, name).filter(([axis]) => typeof type.shape?.[axis] === 'number');
      return axes.length === 0 ? [] : [{ name, type, axes }];
    });
    return fixed.map(({ name, type, axes }) => ({
      node: null,
      what: message('The input {0} has the fixed shape [{1}].', name, (type.shape ?? []).join(', ')),
      why: message(
        'Other lengths and batches are refused; a copy can leave them free where no node has them written in.',
      ),
      repair: canVary ? () => free(model, name, axes) : null,
    }));
  },
};

/** Makes axes of an input free. */
function free(model: Model, name: string, axes: readonly (readonly [axis: number, name: string])[]): void {
  const input = model.proto.graph?.input.find((each) => each.name === name);
  const dims = input?.type?.tensorType?.shape?.dim ?? [];
  for (const [axis, dim] of axes) {
    if (dims[axis] !== undefined)
      dims[axis] = create(TensorShapeProto_DimensionSchema, { value: { case: 'dimParam', value: dim } });
  }
  loosenShapes(model);
}
