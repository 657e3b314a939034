import { statePrefix } from '../graph/carried';
import type { ModelSpec } from './spec';

/** What a model that reads windows anew carries: the rows before, [batch, steps - 1, features]. */
export const windowState = `${statePrefix}window`;

/**
 * How the file of a model reads a sequence in pieces of any length:
 * - `states`: everything that matters of the steps before is in states that are carried on;
 * - `rows`: it reads a window anew with every piece, so the rows before are carried on;
 * - `none`: it has to know the end of a sequence, of which nobody says how long it is.
 */
export type Streaming = (typeof streamings)[number];

export const streamings = ['states', 'rows', 'none'] as const;

export function streamingOf({ layers, pooling, target, masked, input, anchor, steps }: ModelSpec): Streaming {
  if (target === 'tokens') return 'none';
  const isWindow = input.kind === 'values' && !masked;
  const readsOn = layers.every(({ bidirectional, every }) => !bidirectional && every === 1);
  // All is read relative to the last value of a window, so that another last value is another reading.
  const isRelative = anchor === 'last' && pooling !== 'every';
  // A mean over a window is not one over all that ever came.
  const isOfWindow = isWindow && pooling !== 'every' && pooling !== 'last';
  if (readsOn && !isRelative && !isOfWindow) return 'states';
  return isWindow && steps > 1 ? 'rows' : 'none';
}

/** Whether a state is carried in a file that is read so. */
export const isCarried = (streaming: Streaming, name: string) =>
  streaming !== 'none' && (streaming === 'rows') === (name === windowState);
