import type { z } from 'zod';
import { UnrollError } from '../../protocol/errors';
import { type CheckedDraft, draftSchema, type Experiment, experimentSchema } from '../../protocol/experiment';
import { refuseContradictions } from './contradictions';
import { type JsonPath, type LineOf, linesIn, syntaxErrorLine } from './jsonPosition';
import { nearestName } from './nearestName';
import { keysAt } from './schemaKeys';

/**
 * What a person wrote, checked. `where` names it in the error, such as the path of an experiment file; `lineOf` finds lines in its
 * text, where there is one.
 * @throws UnrollError `experiment` with the first thing that is wrong.
 */
export function parseDraft(value: unknown, where: string, lineOf: LineOf | null = null): CheckedDraft {
  const draft = check(draftSchema, value, where, lineOf);
  refuseContradictions(draft, where);
  return draft;
}

/** A whole experiment, checked the same way. */
export function parseExperiment(value: unknown, where: string): Experiment {
  const experiment = check(experimentSchema, value, where, null);
  refuseContradictions(experiment, where);
  return experiment;
}

/**
 * The same for the text of an experiment file. `omit` names keys that are none of the experiment's.
 * @throws UnrollError `experiment`, which names the line.
 */
export function parseDraftText(text: string, where: string, omit: readonly string[] = []): CheckedDraft {
  const json = text.replace(/^\uFEFF/, '');
  const line = syntaxErrorLine(json);
  if (line !== null) {
    throw new UnrollError(
      'experiment',
      '{0} is not valid JSON at line {1}; correct it there, then train again.',
      where,
      line,
    );
  }
  const value: unknown = JSON.parse(json);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new UnrollError('experiment', '{0} is not an experiment file: it must hold one JSON object.', where);
  }
  const own = Object.fromEntries(Object.entries(value).filter(([key]) => !omit.includes(key)));
  return parseDraft(own, where, linesIn(json));
}

function check<T>(schema: z.ZodType<T>, value: unknown, where: string, lineOf: LineOf | null): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    throw unknownKey(where, [...path, key], nearestName(key, keysAt(schema, path)), lineOf);
  }
  if (path.length === 0) {
    throw new UnrollError('experiment', '{0} is not an experiment: {1}.', where, issue?.message ?? '');
  }
  const said = [path.join('.'), issue?.message ?? ''] as const;
  throw lineOf === null
    ? new UnrollError(
        'experiment',
        'In {0}, {1} is not right: {2}; correct it, or remove it to have a default.',
        where,
        ...said,
      )
    : new UnrollError(
        'experiment',
        'In {0}, line {1}: {2} is not right: {3}; correct it, or remove it to have a default.',
        where,
        lineOf(path),
        ...said,
      );
}

function unknownKey(where: string, path: JsonPath, meant: string | null, lineOf: LineOf | null): UnrollError {
  const key = path.join('.');
  const nearest = [...path.slice(0, -1), meant ?? ''].join('.');
  if (lineOf === null) {
    return meant === null
      ? new UnrollError('experiment', 'In {0} there is no choice {1}; remove it.', where, key)
      : new UnrollError('experiment', 'In {0} there is no choice {1}; did you mean {2}?', where, key, nearest);
  }
  const line = lineOf(path);
  return meant === null
    ? new UnrollError('experiment', 'In {0}, line {1}: there is no choice {2}; remove it.', where, line, key)
    : new UnrollError(
        'experiment',
        'In {0}, line {1}: there is no choice {2}; did you mean {3}?',
        where,
        line,
        key,
        nearest,
      );
}
