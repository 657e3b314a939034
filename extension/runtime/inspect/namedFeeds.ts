import type { Tensor } from '../../core/tensor';
import { UnrollError } from '../../protocol/errors';
import { type Session, toOrt, type Values } from '../session/session';

/** The inputs of a model out of named tensors; those that it does not have are left out. @throws UnrollError `usage` where one is missing. */
export async function namedFeeds(
  session: Pick<Session, 'inputs'>,
  inputs: ReadonlyMap<string, Tensor>,
): Promise<Values> {
  const missing = session.inputs.filter((name) => !inputs.has(name));
  if (missing.length > 0) {
    throw new UnrollError(
      'usage',
      'The model needs the inputs {0}, and {1} is not given.',
      session.inputs.join(', '),
      missing.join(', '),
    );
  }
  const feeds: Record<string, Values[string]> = {};
  for (const [name, tensor] of inputs) {
    if (session.inputs.includes(name)) feeds[name] = await toOrt(tensor);
  }
  return feeds;
}
