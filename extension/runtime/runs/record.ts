import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { parseExperiment } from '../../data/draft';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { runFiles } from './runFolder';
import { writeAtomic } from './storage';

const messageSchema = z.object({ template: z.string(), args: z.array(z.union([z.string(), z.number()])) });

const provenanceSchema = z.object({
  /** Milliseconds since 1970. */
  created: z.number(),
  /** Of the data that was trained on. */
  fingerprint: z.string(),
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

/** The experiment in a file that a person wrote or that a run left; what a run adds is dropped. @throws UnrollError `experiment`. */
export function readExperimentFile(file: string): Record<string, unknown> {
  try {
    return withoutProvenance(readJson(file));
  } catch {
    throw new UnrollError('experiment', '{0} is not an experiment file: it must hold one JSON object.', file);
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
