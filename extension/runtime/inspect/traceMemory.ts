import type { TracedModel } from '../../core/trace/traceModel';
import { UnrollError } from '../../protocol/errors';
import { available, memoryInMegabytes } from '../training/memory';
import type { FedSizes } from './stepValues';

const float = 4;

/**
 * About how many bytes it takes to follow a model: every signal of every layer for the whole batch, once as onnxruntime makes it and once
 * turned around to be given out, and once more for the item that is kept.
 */
export function traceBytes({ layers }: Pick<TracedModel, 'layers'>, { steps, batch }: FedSizes): number {
  const width = layers.reduce((sum, { hidden, signals }) => sum + hidden * signals.length, 0);
  return float * steps * width * (2 * batch + 1);
}

/** @throws UnrollError `model` where that is more than the machine has. */
export function refuseTooLarge(traced: Pick<TracedModel, 'layers'>, fed: FedSizes, machine = available()): void {
  const bytes = traceBytes(traced, fed);
  if (bytes <= machine) return;
  throw new UnrollError(
    'model',
    'Following this model for {0} steps needs about {1} MB of memory and this machine has {2} MB; ask for fewer steps or a smaller batch.',
    fed.steps,
    memoryInMegabytes(bytes),
    memoryInMegabytes(machine),
  );
}
