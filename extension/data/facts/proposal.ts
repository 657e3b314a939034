import path from 'node:path';
import type { Reason } from '../../protocol/data';
import type { Proposal } from '../../protocol/engine';
import { UnrollError } from '../../protocol/errors';
import type { ProposalFacts, ProposedChoice } from '../../protocol/facts';
import { type Message, message } from '../../protocol/messages';
import { propose } from '../choices/propose';
import { shortened } from './limits';

/** What would be trained on a file, or why nothing can be. */
export type Proposed =
  | { readonly kind: 'task'; readonly proposal: Proposal }
  | { readonly kind: 'none'; readonly why: Message };

/**
 * Proposes for a file what the command to train proposes: where nothing in it can be forecast, there may be classes to tell.
 * @param mostFiles so many files of a folder at most are read
 */
export async function proposedFor(
  file: string,
  draft: Record<string, unknown> | null,
  signal?: AbortSignal,
  mostFiles?: number,
): Promise<Proposed> {
  const root = path.dirname(file);
  const { task } = draft ?? {};
  const asked = about(file, draft);
  try {
    return { kind: 'task', proposal: await propose(root, asked, signal, mostFiles) };
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    if (task !== undefined) return { kind: 'none', why: error.text };
    return propose(root, { ...asked, task: 'classify' }, signal, mostFiles).then(
      (proposal) => ({ kind: 'task', proposal }),
      () => ({ kind: 'none', why: error.text }),
    );
  }
}

/** A draft whose data is a file, wherever that lies. */
export function about(file: string, draft: Record<string, unknown> | null): Record<string, unknown> {
  const { data } = draft ?? {};
  return { ...draft, data: { ...(typeof data === 'object' ? data : null), path: path.basename(file) } };
}

/** @param draft what the choices that were made already stand in; each of them is told too. */
export function proposalFacts(proposed: Proposed, draft: Record<string, unknown> | null): ProposalFacts {
  if (proposed.kind === 'none') return proposed;
  const { experiment, reasons } = proposed.proposal;
  const { task, data } = experiment;
  const given = saidIn(draft).map((choice) => ({ choice, why: message('The experiment file says so.') }));
  const guessed = reasons.filter(({ choice }) => given.every((each) => each.choice !== choice));
  const order = ['task', ...Object.keys(data).flatMap((key) => [`data.${key}`, ...inside(data, key)])];
  const placeOf = ({ choice }: Reason) => order.indexOf(choice);
  const all = draft === null ? guessed : [...given, ...guessed].sort((a, b) => placeOf(a) - placeOf(b));
  const told = all.filter(({ choice }) => choice === 'task' || choice.startsWith('data.'));
  const choices = told.map(({ choice, why }): ProposedChoice => ({ choice, why, value: valueAt(experiment, choice) }));
  const { target, features, horizon, lookback } = data;
  return {
    kind: 'task',
    task,
    target: shortened(target),
    features: features.slice(0, 50).map(shortened),
    horizon,
    lookback,
    choices,
  };
}

/** The choices about the data that a draft makes, as dotted paths. */
function saidIn(draft: Record<string, unknown> | null): string[] {
  if (draft === null) return [];
  const { task, data } = draft;
  const said = typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
  const keys = Object.keys(said).filter((key) => key !== 'path' && said[key] !== undefined);
  const paths = keys.flatMap((key) => (key === 'split' ? inside(said, key) : [`data.${key}`]));
  return [...(task === undefined ? [] : ['task']), ...paths];
}

/** The dotted paths of what an object holds at a key. */
function inside(data: object, key: string): string[] {
  const value: unknown = (data as Record<string, unknown>)[key];
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? Object.keys(value).map((each) => `data.${key}.${each}`) : [];
}

/** What stands at a dotted path, as a value that can be shown. */
function valueAt(experiment: object, choice: string): ProposedChoice['value'] {
  let value: unknown = experiment;
  for (const key of choice.split('.')) {
    const known = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    value = known ? (value as Record<string, unknown>)[key] : null;
  }
  if (typeof value === 'string') return shortened(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.slice(0, 50).map((each) => shortened(String(each)));
  if (value === null || value === undefined) return null;
  return Object.entries(value).map(([key, each]) => shortened(`${key} ${String(each)}`));
}
