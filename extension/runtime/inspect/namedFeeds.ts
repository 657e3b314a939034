import { nextState } from '../../core/graph/carried';
import type { Tensor } from '../../core/tensor';
import { UnrollError } from '../../protocol/errors';
import { zeroStates } from '../export/answers';
import { type Session, toOrt, type Values } from '../session/session';

/**
 * The inputs of a model out of named tensors; those that it does not have are left out, and states of a model of ours that are not
 * given are zeros. @throws UnrollError `usage` where one is missing.
 */
export async function namedFeeds(
  session: Pick<Session, 'inputs' | 'outputs' | 'inputShapes'>,
  inputs: ReadonlyMap<string, Tensor>,
): Promise<Values> {
  const states = new Set(
    session.inputs.filter((name) => !inputs.has(name) && session.outputs.includes(`${name}${nextState}`)),
  );
  const missing = session.inputs.filter((name) => !inputs.has(name) && !states.has(name));
  if (missing.length > 0) {
    throw new UnrollError(
      'usage',
      'The model needs the inputs {0}, and {1} is not given.',
      session.inputs.join(', '),
      missing.join(', '),
    );
  }
  const given = session.inputs.flatMap((name) => inputs.get(name)?.shape[0] ?? []);
  const shapes = new Map([...session.inputShapes].filter(([name]) => states.has(name)));
  const feeds: Record<string, Values[string]> = { ...(await zeroStates({ inputShapes: shapes }, given[0] ?? 1)) };
  for (const [name, tensor] of inputs) {
    if (session.inputs.includes(name)) feeds[name] = await toOrt(tensor);
  }
  return feeds;
}
