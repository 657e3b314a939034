import type { Value } from '../graph/value';
import type { Context } from './context';

/** Tokens [steps, batch] as numbers [steps, units, batch]: each token's row of a learnt table, or one-hot where there is none. */
export function readTokens(context: Context, tokens: Value, vocabulary: number, embedding: number | null): Value {
  const { b, parameter } = context;
  if (embedding === null) return b.inPart('One-hot', () => oneHot(context, tokens, vocabulary));
  const table = parameter({
    name: 'embedding',
    shape: [vocabulary, embedding],
    role: 'embedding',
    size: { gates: 1, out: vocabulary, fanIn: embedding },
  });
  return b.inPart('Embedding', () => b.transpose(b.gather(table, tokens, 0), [0, 2, 1]));
}

/** [steps, batch] of numbers below `size` as [steps, size, batch] of zeros and ones. */
function oneHot({ b, float }: Context, tokens: Value, size: number): Value {
  const numbers = b.constant({
    dtype: 'int32',
    shape: [size, 1],
    data: Int32Array.from({ length: size }, (_, i) => i),
  });
  return b.cast(b.equal(b.unsqueeze(tokens, [1]), numbers), float);
}
