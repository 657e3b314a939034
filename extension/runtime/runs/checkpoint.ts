import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UnrollError } from '../../protocol/errors';
import { decodeSafeTensors, encodeSafeTensors, readSafeTensorsMetadata, type StoredTensor } from './safetensors';
import { onDisk, writeAtomic } from './storage';

const count = z.int().min(0);

const positionSchema = z.strictObject({
  /** Epochs that are complete. */
  epoch: count,
  /** Passes made in the epoch after them: a pass is a batch, or one stretch of it. */
  pass: count,
  /** Optimiser steps taken in all. */
  step: count,
  /** Seconds of training, interruptions left out. */
  seconds: z.number().min(0),
  /** Sums over the unfinished epoch: of its passes, losses times mass and masses; of its optimiser steps, the norms. */
  sums: z.strictObject({ loss: z.number(), mass: z.number(), gradientNorm: z.number(), steps: count }),
  /** The gradient norm of the last pass, before clipping; null before the first. */
  lastNorm: z.number().nullable(),
  best: z.strictObject({ epoch: count, validationLoss: z.number().nullable() }).nullable(),
  /** Of every finished epoch: schedules and early stopping follow from them. */
  validationLosses: z.array(z.number()),
});

/**
 * How far a training is. Random numbers need no state of their own: the order of an epoch follows from the seed and the epoch.
 * Numbers survive JSON exactly.
 */
export type Position = z.infer<typeof positionSchema>;

const reasons = ['running', 'paused', 'stopped', 'interrupted', 'closed'] as const;
/** Why a checkpoint was written: `running` and `paused` are what a killed run leaves; after `closed` somebody means to go on. */
export type CheckpointReason = (typeof reasons)[number];

/** Everything that a training needs to go on as if nothing had happened. */
export interface Checkpoint {
  readonly reason: CheckpointReason;
  readonly position: Position;
  /** Parameters by name; the optimiser's moments and summed gradients under prefixed names; carried states. */
  readonly state: ReadonlyMap<string, StoredTensor>;
  /** The parameters of the best epoch; empty before the first epoch ended. */
  readonly best: ReadonlyMap<string, StoredTensor>;
}

export const checkpointFile = (dir: string) => path.join(dir, 'checkpoint', 'state.safetensors');

/** Replaces a run's checkpoint. @throws UnrollError `storage`; the old checkpoint then still stands. */
export function writeCheckpoint(dir: string, checkpoint: Checkpoint): void {
  const file = checkpointFile(dir);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, tensor] of checkpoint.state) tensors.set(`state/${name}`, tensor);
  for (const [name, tensor] of checkpoint.best) tensors.set(`best/${name}`, tensor);
  const metadata = { reason: checkpoint.reason, position: JSON.stringify(checkpoint.position) };
  // Not recursive: a run folder that somebody has deleted must not come back as a torso.
  onDisk(file, () => existsSync(path.dirname(file)) || mkdirSync(path.dirname(file)));
  writeAtomic(file, encodeSafeTensors({ tensors, metadata }), true);
}

/** A run's checkpoint, or null where it has none yet. @throws UnrollError `run` where it is damaged. */
export function readCheckpoint(dir: string): Checkpoint | null {
  const file = checkpointFile(dir);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    return null;
  }
  const { tensors, metadata } = decodeSafeTensors(bytes, file);
  const reason = z.enum(reasons).safeParse(metadata['reason']);
  const position = positionSchema.safeParse(parseJson(metadata['position']));
  if (!reason.success || !position.success) {
    throw new UnrollError('run', '{0} says nothing about where the run stood; start the run from its beginning.', file);
  }
  return {
    reason: reason.data,
    position: position.data,
    state: withPrefix(tensors, 'state/'),
    best: withPrefix(tensors, 'best/'),
  };
}

/** Why a run's checkpoint was written, or null where there is none that can be read. */
export function readCheckpointReason(dir: string): CheckpointReason | null {
  try {
    return z.enum(reasons).parse(readSafeTensorsMetadata(checkpointFile(dir))['reason']);
  } catch {
    return null;
  }
}

function withPrefix(tensors: ReadonlyMap<string, StoredTensor>, prefix: string): Map<string, StoredTensor> {
  const found = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    if (name.startsWith(prefix)) found.set(name.slice(prefix.length), tensor);
  }
  return found;
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return null;
  }
}
