import { nextState } from '../../core/graph/carried';
import { UnrollError } from '../../protocol/errors';
import { type Session, toOrt, type Values } from '../session/session';
import { runModel, zeroStates } from './answers';
import type { ModelMetadata } from './metadata';

/** Reads a text token by token and says after each piece how probable every next token is. */
export interface TextStream {
  /** The probabilities of what follows all that was read, the token for everything unknown left out. */
  read(tokens: Int32Array): Promise<Float32Array>;
}

/**
 * A stream through an exported language model. One that takes states reads each token once, without end; any other reads its last
 * `lookback` tokens again and again.
 */
export async function textStream(session: Session, metadata: ModelMetadata): Promise<TextStream> {
  const { vocabulary, lookback } = metadata;
  const count = (vocabulary ?? []).length + 1;
  const known = (values: Float32Array) => values.slice(values.length - count, values.length - 1);
  const states = Object.keys(await zeroStates(session, 1));
  if (states.length > 0) {
    let carried: Values = await zeroStates(session, 1);
    return {
      async read(data) {
        const tokens = await toOrt({ dtype: 'int32', shape: [1, data.length], data });
        const given = await session.run({ ...carried, tokens });
        const probabilities = given['probabilities']?.data;
        if (!(probabilities instanceof Float32Array))
          throw new UnrollError('internal', 'A language model answers nothing.');
        carried = Object.fromEntries(
          states.flatMap((name) => {
            const next = given[`${name}${nextState}`];
            return next === undefined ? [] : [[name, next] as const];
          }),
        );
        return known(probabilities);
      },
    };
  }
  let window = new Int32Array(0);
  return {
    async read(tokens) {
      window = Int32Array.from([...window, ...tokens]).slice(-lookback);
      if (window.length < lookback) {
        throw new UnrollError(
          'usage',
          'This model reads {0} characters at a time, and there are {1}; begin with a longer text.',
          lookback,
          window.length,
        );
      }
      const shape = { steps: lookback, input: { kind: 'tokens', vocabulary: count } } as const;
      return known((await runModel(session, { x: window }, shape, 1)).values);
    },
  };
}
