import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';

/** Where a training was when its numbers stopped to be finite. */
export interface Divergence {
  /** The optimiser step that went wrong, from 1. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** Such as `layers.0`. */
  readonly layer: string;
  /** The gradient norm of the pass before; null where there was none. */
  readonly lastNorm: number | null;
  readonly learningRate: number;
}

/** Cells whose state grows without bound when their recurrent weights are large. */
const unbounded: ReadonlySet<string> = new Set(['rnnRelu', 'rnnIdentity']);

/** What went wrong and what to change: the first of the usual remedies that the experiment has not taken yet. */
export function diverged(
  experiment: Experiment,
  { step, epoch, layer, lastNorm, learningRate }: Divergence,
): UnrollError {
  const { model, training } = experiment;
  const norm = lastNorm === null ? '–' : Number(lastNorm.toPrecision(4));
  const rate = Number(learningRate.toPrecision(4));
  if (training.clipNorm === null) {
    return new UnrollError(
      'experiment',
      'Training diverged in step {0} (epoch {1}): numbers are not finite any more, first in {2}, after a gradient norm of {3}; set training.clipNorm, to 1 for example, or train again with a lower learning rate than {4}.',
      step,
      epoch,
      layer,
      norm,
      rate,
    );
  }
  if (model.init !== 'irnn' && model.layers.some(({ cell }) => unbounded.has(cell))) {
    return new UnrollError(
      'experiment',
      'Training diverged in step {0} (epoch {1}): numbers are not finite any more, first in {2}, after a gradient norm of {3}; train again with a lower learning rate than {4}, or with model.init "irnn", which starts the states without growth.',
      step,
      epoch,
      layer,
      norm,
      rate,
    );
  }
  return new UnrollError(
    'experiment',
    'Training diverged in step {0} (epoch {1}): numbers are not finite any more, first in {2}, after a gradient norm of {3}; train again with a lower learning rate than {4} or a smaller training.clipNorm than {5}.',
    step,
    epoch,
    layer,
    norm,
    rate,
    training.clipNorm,
  );
}
