import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { DataShape } from '../../core/model/spec';
import { parseDraftText, parseExperiment } from '../../data/choices/draft';
import { UnrollError } from '../../protocol/errors';
import type { CheckedDraft, Experiment } from '../../protocol/experiment';
import type { Message } from '../../protocol/messages';
import { runFiles } from './runFolder';
import { writeAtomic } from './storage';

const messageSchema: z.ZodType<Message> = z.lazy(() =>
  z.object({ template: z.string(), args: z.array(z.union([z.string(), z.number(), messageSchema])) }),
);

const count = z.int().min(0);
const shapeSchema = z.object({
  steps: count,
  input: z.union([
    z.object({ kind: z.literal('values'), features: count }),
    z.object({ kind: z.literal('tokens'), vocabulary: count }),
  ]),
  known: count.optional(),
  targets: count,
  longest: count,
  masked: z.boolean(),
  classCounts: z.array(count).nullable(),
}) satisfies z.ZodType<DataShape>;

const provenanceSchema = z.object({
  /** Milliseconds since 1970. */
  created: z.number(),
  /** Of the data that was trained on. */
  fingerprint: z.string(),
  /** What the model must know of that data, so that it can be built without it. */
  shape: shapeSchema,
  versions: z.object({ unroll: z.string(), onnxruntime: z.string(), node: z.string() }),
  /** What was decided about the experiment and done to the data, in words. */
  notes: z.array(messageSchema),
});

/** What a run's experiment.json tells beside the experiment: where the run came from. */
export type Provenance = z.infer<typeof provenanceSchema>;

/** A run's experiment.json: the experiment as it was trained, every default filled in, and its provenance. */
export interface RunRecord {
  readonly experiment: Experiment;
  readonly provenance: Provenance;
}

/** Under this key the provenance stands in experiment.json, beside the experiment's own. */
const provenanceKey = 'provenance';

export function writeRecord(dir: string, { experiment, provenance }: RunRecord): void {
  const content = { ...experiment, [provenanceKey]: provenance };
  writeAtomic(runFiles(dir).experiment, `${JSON.stringify(content, null, 2)}\n`);
}

/** @throws UnrollError `run` where the file is missing or damaged, `experiment` where it was edited into something impossible. */
export function readRecord(dir: string): RunRecord {
  const file = runFiles(dir).experiment;
  const content = readJson(file);
  const provenance = provenanceSchema.safeParse(content[provenanceKey]);
  if (!provenance.success) throw damaged(file);
  return { experiment: parseExperiment(withoutProvenance(content), file), provenance: provenance.data };
}

/**
 * The experiment in a file that a person wrote or that a run left; what a run adds is dropped.
 * @throws UnrollError `experiment`, which names the line of what is wrong.
 */
export function readExperimentFile(file: string): CheckedDraft {
  return parseDraftText(readText(file), file, [provenanceKey]);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnrollError('experiment', 'The experiment file {0} cannot be read ({1}); check the path.', file, why);
  }
}

function withoutProvenance(content: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(content).filter(([key]) => key !== provenanceKey));
}

function readJson(file: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw damaged(file);
  }
}

const damaged = (file: string) =>
  new UnrollError('run', '{0} is missing or damaged, so this run cannot be used; delete its folder.', file);
