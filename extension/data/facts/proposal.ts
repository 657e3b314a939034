import path from 'node:path';
import type { Proposal } from '../../protocol/engine';
import { UnrollError } from '../../protocol/errors';
import type { ProposalFacts, ProposedChoice } from '../../protocol/facts';
import type { Message } from '../../protocol/messages';
import { propose } from '../choices/propose';
import { shortened } from './limits';

/** What would be trained on a file, or why nothing can be. */
export type Proposed =
  | { readonly kind: 'task'; readonly proposal: Proposal }
  | { readonly kind: 'none'; readonly why: Message };

/** Proposes for a file what the command to train proposes: where nothing in it can be forecast, there may be classes to tell. */
export async function proposedFor(file: string, draft: Record<string, unknown> | null): Promise<Proposed> {
  const root = path.dirname(file);
  const { data, task } = draft ?? {};
  const asked = { ...draft, data: { ...(typeof data === 'object' ? data : null), path: path.basename(file) } };
  try {
    return { kind: 'task', proposal: await propose(root, asked) };
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    if (task !== undefined) return { kind: 'none', why: error.text };
    return propose(root, { ...asked, task: 'classify' }).then(
      (proposal) => ({ kind: 'task', proposal }),
      () => ({ kind: 'none', why: error.text }),
    );
  }
}

export function proposalFacts(proposed: Proposed): ProposalFacts {
  if (proposed.kind === 'none') return proposed;
  const { experiment, reasons } = proposed.proposal;
  const { task, data } = experiment;
  const about = reasons.filter(({ choice }) => choice === 'task' || choice.startsWith('data.'));
  const choices = about.map(({ choice, why }): ProposedChoice => ({ choice, why, value: valueAt(experiment, choice) }));
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
  return value === null || value === undefined ? null : Object.values(value).map((each) => shortened(String(each)));
}
