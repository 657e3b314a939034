import { stepOf } from '../cells/step';
import type { Value } from '../graph/value';
import type { ModelSpec } from '../model/spec';
import { at } from '../ops/arguments';
import { attend, type Memory, rememberSteps } from './attention';
import { type BeamStep, beamSearch, type Found, spread } from './beamSearch';
import type { Context } from './context';
import { batchLast, dense } from './dense';
import { head } from './head';
import { pool } from './pooling';
import { cellOfLayer, cellWeights, type Sequence } from './recurrentLayer';

/** A decoder that writes one token after another while it looks at what an encoder read. */
export interface Translator {
  /**
   * The logits of the token at each place, [longest, tokens, batch], where all before it are right (teacher forcing). `truth` is int32
   * [longest, batch].
   */
  teach(truth: Value): Value;
  /** The likeliest translations that a beam of this width finds; a width of one takes the likeliest token each time. */
  search(width: number): Found;
}

/** What the decoder carries from token to token: all [units, batch]. */
type States = readonly Value[];

/**
 * A decoder over the encoder's steps. Its layers are the encoder's, read forwards, and start from tanh of a dense layer over the
 * encoder's last state (Bahdanau, Cho & Bengio 2015), of both directions where it reads in both.
 *
 * With additive attention the state before a token says where to look, and what is seen there is read together with the token before it.
 * With multiplicative attention the state after it says so, and what came of it is read with the next token (input feeding; Luong, Pham &
 * Manning 2015). Either way tanh of a dense layer over state and what was seen goes to the head.
 */
export function translator(context: Context, spec: ModelSpec, sequence: Sequence): Translator {
  const { b } = context;
  const { targets: tokens, longest, attention } = spec;
  const hidden = at(spec.layers, spec.layers.length - 1).hidden;
  const embedding = spec.embedding ?? hidden;
  const isFed = attention === 'multiplicative';
  const extra = attention === 'additive' ? sequence.units : isFed ? hidden : 0;
  const memory = attention === 'none' ? null : b.inPart('Attention', () => rememberSteps(context, sequence, hidden));
  const layers = spec.layers.map((layer, n) => {
    const below = n === 0 ? embedding + extra : at(spec.layers, n - 1).hidden;
    const cell = cellOfLayer(layer);
    const parameters = cellWeights(context, `decoder.${n}`, cell, below, layer.hidden);
    return { layer, below, cell, step: stepOf(b, { cell, hidden: layer.hidden, parameters }) };
  });
  // One row more than there are tokens to write: what stands before the first.
  const table = context.parameter({
    name: 'decoder.embedding',
    shape: [tokens + 1, embedding],
    role: 'embedding',
    size: { gates: 1, out: tokens + 1, fanIn: embedding },
  });

  const start = b.inPart('Decoder start', (): States => {
    const end = lastStates(context, spec, sequence);
    const states = layers.flatMap(({ layer, cell }, n) =>
      cell.states.map((state) =>
        b.tanh(dense(context, `decoder.${n}.start.${state}`, end, sequence.units, layer.hidden)),
      ),
    );
    if (!isFed) return states;
    // Before the first token nothing was seen.
    const like = at(states, states.length - 1);
    return [...states, b.sub(like, like)];
  });

  /** From the token before, [embedding, batch], to what the head reads, [hidden, batch], and where the decoder looked. */
  const step = (inner: Context['b'], states: States, token: Value, looked: Memory | null) => {
    const inside: Context = { ...context, b: inner, linear: batchLast };
    const top = at(layers, layers.length - 1);
    const topState =
      states.length - (isFed ? 1 : 0) - top.cell.states.length + top.cell.states.indexOf(top.cell.output);
    const lookFrom = (query: Value) =>
      looked === null || attention === 'none' ? null : attend(inside, attention, looked, query, hidden);
    const before = attention === 'additive' ? lookFrom(at(states, topState)) : null;
    const read = isFed ? at(states, states.length - 1) : (before?.seen ?? null);
    let x = read === null ? token : inner.concat([token, read], 0);
    const next: Value[] = [];
    for (const { layer, below, cell, step: one } of layers) {
      const after = one(inner, x, states.slice(next.length, next.length + cell.states.length));
      next.push(...after);
      const output = at(after, cell.states.indexOf(cell.output));
      x = layer.residual && below === layer.hidden ? inner.add(output, x) : output;
    }
    const look = before ?? lookFrom(x);
    const joined = look === null ? x : inner.concat([x, look.seen], 0);
    const units = look === null ? hidden : hidden + sequence.units;
    const readout = inner.tanh(dense(inside, 'readout', joined, units, hidden));
    return { states: isFed ? [...next, readout] : next, readout, weights: look?.weights ?? null };
  };

  return {
    teach(truth) {
      return b.inPart('Decoder', () => {
        const batch = Number(truth.type.shape?.[1]);
        const first = b.int32s([1, batch], new Array<number>(batch).fill(tokens));
        const before = longest === 1 ? first : b.concat([first, b.slice(truth, 0, longest - 1, 0)], 0);
        const read = dropped(context, spec, 'target', b.transpose(b.gather(table, before, 0), [0, 2, 1]), [
          longest,
          embedding,
        ]);
        const { outputs } = b.scan(start, [read], false, (inner, states, [token]) => {
          const { states: next, readout } = step(inner, states, token ?? at(states, 0), memory);
          return { states: next, outputs: [readout] };
        });
        const readouts = dropped(context, spec, 'head', at(outputs, 0), [longest, hidden]);
        return head(context, spec, readouts, hidden, tokens);
      });
    },
    search: (width) =>
      b.inPart('Beam search', () => {
        const looked: Memory | null = memory && {
          steps: spread(b, memory.steps, width),
          keys: spread(b, memory.keys, width),
          padding: memory.padding && spread(b, memory.padding, width),
        };
        const one: BeamStep = (inner, previous, states) => {
          const token = inner.transpose(inner.gather(table, previous, 0), [1, 0]);
          const { states: next, readout, weights } = step(inner, states, token, looked);
          const logits = head({ ...context, b: inner, linear: batchLast }, spec, readout, hidden, tokens);
          return { states: next, logits, weights: weights && inner.squeeze(weights, [1]) };
        };
        return beamSearch(b, { width, steps: longest, tokens, start, one });
      }),
  };
}

/** What the encoder came to: forwards at the last step that is not padding, backwards at the first. */
function lastStates(context: Context, spec: ModelSpec, sequence: Sequence): Value {
  const { b } = context;
  const last = pool(context, 'last', sequence);
  const top = at(spec.layers, spec.layers.length - 1);
  if (!top.bidirectional) return last;
  const first = b.squeeze(b.slice(sequence.x, 0, 1, 0), [0]);
  return b.concat([b.slice(last, 0, top.hidden, 0), b.slice(first, top.hidden, 2 * top.hidden, 0)], 0);
}

/** Drops numbers of every step anew, or the same ones at all steps; `shape` is [steps, units]. */
function dropped(
  context: Context,
  spec: ModelSpec,
  name: string,
  x: Value,
  [steps, units]: readonly [number, number],
): Value {
  const { between, variational } = spec.dropout;
  const mask = context.dropout(name, variational ? [units] : [steps, units], between);
  return mask === null ? x : context.b.mul(x, mask);
}
