import type { z } from 'zod';
import { UnrollError } from '../protocol/errors';
import { type CheckedDraft, draftSchema, type Experiment, experimentSchema } from '../protocol/experiment';

/**
 * What a person wrote, checked. `where` names it in the error, such as the path of an experiment file.
 * @throws UnrollError `experiment` with the first thing that is wrong.
 */
export function parseDraft(value: unknown, where: string): CheckedDraft {
  const draft = check(draftSchema, value, where);
  const { split, target, features, time } = draft.data;
  refuseContradictions(where, split?.validation ?? 0, split?.test ?? 0, target, features ?? [], time ?? null);
  return draft;
}

/** A whole experiment, checked the same way. */
export function parseExperiment(value: unknown, where: string): Experiment {
  const experiment = check(experimentSchema, value, where);
  const { split, target, features, time } = experiment.data;
  refuseContradictions(where, split.validation, split.test, target, features, time);
  return experiment;
}

function check<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  if (path === '') {
    throw new UnrollError('experiment', '{0} is not an experiment: {1}.', where, issue?.message ?? '');
  }
  throw new UnrollError(
    'experiment',
    'In {0}, {1} is not right: {2}; correct it, or remove it to have a default.',
    where,
    path,
    issue?.message ?? '',
  );
}

/** What each choice allows by itself but not all of them together. */
function refuseContradictions(
  where: string,
  validation: number,
  test: number,
  target: string | undefined,
  features: readonly string[],
  time: string | null,
): void {
  if (validation + test >= 1) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.split leaves nothing to train on: validation {1} and test {2} must add up to less than 1.',
      where,
      validation,
      test,
    );
  }
  const repeated = features.find((name, i) => name === target || name === time || features.indexOf(name) !== i);
  if (repeated !== undefined) {
    throw new UnrollError(
      'experiment',
      'In {0}, data.features names {1}, which is named twice or is the target or the time; remove it there.',
      where,
      repeated,
    );
  }
  if (target !== undefined && target === time) {
    throw new UnrollError(
      'experiment',
      'In {0}, {1} is both data.target and data.time; choose two columns.',
      where,
      target,
    );
  }
}
