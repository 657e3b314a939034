import { statSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { UnrollError } from '../../protocol/errors';
import type { Trace } from '../../protocol/trace';
import type { Values } from '../session/session';
import type { FedSizes } from './stepValues';

/** A trace, and all that it takes to send the same through the same model once more. */
export interface Inspected<T> {
  readonly trace: T;
  readonly source: Source<T>;
}

export interface Source<T> {
  /** The model with all its weights. @throws UnrollError `model` where the file is another one by now. */
  readonly model: () => Uint8Array;
  /** What it was fed, by the names of its inputs. */
  readonly feeds: Values;
  /** Which item of the batch is looked at. */
  readonly item: number;
  /** How many steps and items it was fed: what is shown may end before, where the rest is padding. */
  readonly fed: FedSizes;
  /** The same of other sequences of the same data, a few hundred at most; null where there are none. */
  readonly others: ((signal?: AbortSignal) => AsyncIterable<{ readonly window: number; readonly trace: T }>) | null;
  /** What is to be shown of another run of the same model on the same inputs. */
  readonly shown: (trace: Omit<Trace, 'inputs'>) => T;
}

/** Lets messages arrive, and goes on unless one of them was that nobody waits any more. @throws UnrollError `cancelled`. */
export async function stillWanted(signal: AbortSignal | undefined): Promise<void> {
  await turn();
  if (signal?.aborted) throw new UnrollError('cancelled', 'Cancelled.');
}

/** Changes when a file is written anew. */
export function versionOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return `${found?.mtimeMs} ${found?.size}`;
}

/** For whoever asks once more for a model whose file was written anew. */
export const changedModel = (file: string) =>
  new UnrollError('model', '{0} has changed since it was run; run the model again.', file);
