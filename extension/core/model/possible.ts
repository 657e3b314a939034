import { UnrollError } from '../../protocol/errors';
import { unitsOf } from '../layers/recurrentLayer';
import type { ModelSpec } from './spec';

/**
 * What each choice allows by itself but not all of them together, as far as the layers and what the data holds decide it; the rest is
 * refused where experiments are read. @throws UnrollError `experiment` for a model that cannot be.
 */
export function refuseImpossible(spec: ModelSpec): void {
  refuseLayers(spec);
  refuseAnswers(spec);
  if (spec.recursive) refuseDecoder(spec);
  if (spec.stateful) refuseCarried(spec);
}

function refuseLayers({ layers, steps, convolution, input, embedding, pooling }: ModelSpec): void {
  let units = input.kind === 'values' ? input.features : (embedding ?? input.vocabulary);
  if (convolution !== null) units = convolution.filters;
  let left = steps;
  for (const [n, layer] of layers.entries()) {
    left = Math.floor(left / layer.every);
    if (left === 0) {
      throw new UnrollError(
        'experiment',
        'Layer {0} reads every {1} steps, which leaves it none of {2}; make its "every" smaller or data.lookback larger.',
        n + 1,
        layer.every,
        steps,
      );
    }
    if (layer.every > 1 && pooling === 'every') {
      throw new UnrollError(
        'experiment',
        'Layer {0} reads every {1} steps, so it cannot answer at every step; set its "every" to 1 or model.pooling to "last".',
        n + 1,
        layer.every,
      );
    }
    if (layer.residual && unitsOf(layer) !== units) {
      throw new UnrollError(
        'experiment',
        'Layer {0} adds what it reads ({1} numbers) to what it gives ({2}), which must be as many; change its "hidden" or set its "residual" to false.',
        n + 1,
        units,
        unitsOf(layer),
      );
    }
    units = unitsOf(layer);
  }
}

function refuseAnswers({ target, targets, loss }: ModelSpec): void {
  if (target === 'classes' && targets < 2) {
    throw new UnrollError(
      'experiment',
      'There is one class only, so there is nothing to tell apart; choose another data.target.',
    );
  }
  if (loss.name === 'binaryCrossEntropy' && targets !== 2) {
    throw new UnrollError(
      'experiment',
      'The loss binaryCrossEntropy tells two classes apart and there are {0}; set training.loss.name to "crossEntropy".',
      targets,
    );
  }
  if (Array.isArray(loss.classWeights) && loss.classWeights.length !== targets) {
    throw new UnrollError(
      'experiment',
      'There are {0} class weights for {1} classes; give training.loss.classWeights one number a class, or "balanced".',
      loss.classWeights.length,
      targets,
    );
  }
}

function refuseDecoder({ layers }: ModelSpec): void {
  if (layers.every(({ bidirectional }) => !bidirectional)) return;
  throw new UnrollError(
    'experiment',
    'A recursive decoder starts from the last state of layers that read forwards; make all layers read forwards only, or set model.decoder to "direct".',
  );
}

function refuseCarried({ layers, target }: ModelSpec): void {
  if (target === 'symbols' || target === 'tokens') {
    throw new UnrollError(
      'experiment',
      'A transcript or a translation belongs to a whole sequence, which cannot be learnt in stretches; set training.truncate to null.',
    );
  }
  if (layers.every(({ bidirectional, every }) => !bidirectional && every === 1)) return;
  throw new UnrollError(
    'experiment',
    'Reading sequences in stretches needs layers that read every step forwards; make no layer bidirectional or hierarchical, or set training.truncate to null.',
  );
}
