import assert from 'node:assert/strict';
import { endToken, unknownToken } from '../../../extension/core/layers/beamSearch';
import { buildEvaluationGraph } from '../../../extension/core/model/evaluationGraph';
import { exportModel } from '../../../extension/core/model/exportModel';
import { flatten, layoutOf } from '../../../extension/core/model/layout';
import { initialParameters, type Parameters } from '../../../extension/core/model/parameters';
import type { ModelSpec } from '../../../extension/core/model/spec';
import { RandomStream } from '../../../extension/core/random';
import { floats, toNumbers } from '../../../extension/core/tensor';
import { attentions } from '../../../extension/protocol/experiment';
import { open, run } from '../../support/session';
import { layerOf, specOf } from '../../support/specs';

const [words, longest, steps] = [5, 3, 4];
const sources = [
  [1, 2, 3, 0],
  [3, 1, 0, 0],
  [2, 2, 1, 3],
];
const lengths = [3, 2, 4];

describe('beam search in the exported file', () => {
  for (const attention of attentions) {
    it(`${attention}: a beam as wide as there are translations finds the one that the loss calls the likeliest`, async () => {
      const { spec, parameters } = modelOf(attention);
      const expected = await likeliest(spec, parameters);
      const wide = await translate({ ...spec, beam: 64 }, parameters);
      for (const [item, { tokens, probability }] of expected.entries()) {
        assert.deepEqual(wide.tokens[item], tokens);
        assert.ok(Math.abs((wide.probabilities[item] ?? 0) - probability) < 1e-5);
      }
    });
  }

  it('a wider beam finds nothing worse, and writes nothing after the end or outside of the vocabulary', async () => {
    const { spec, parameters } = modelOf('additive');
    const means: number[] = [];
    for (const beam of [1, 2, 8]) {
      const { tokens, probabilities } = await translate({ ...spec, beam }, parameters);
      means.push(
        tokens.reduce((sum, each, item) => sum + Math.log(probabilities[item] ?? 0) / lengthOf(each), 0) /
          tokens.length,
      );
      for (const each of tokens) {
        assert.ok(!each.includes(unknownToken));
        assert.ok(each.slice(lengthOf(each)).every((token) => token === endToken));
      }
    }
    const [one = 0, two = 0, eight = 0] = means;
    assert.ok(one <= two + 1e-6 && two <= eight + 1e-6, means.join());
  });

  it('says where the decoder looked: shares of the steps that are no padding', async () => {
    const { spec, parameters } = modelOf('multiplicative');
    const { attention } = await translate({ ...spec, beam: 3 }, parameters);
    assert.equal(attention.length, sources.length * longest * steps);
    for (let row = 0; row < sources.length * longest; row++) {
      const own = attention.slice(row * steps, (row + 1) * steps);
      const real = lengths[Math.floor(row / longest)] ?? 0;
      assert.ok(Math.abs(own.reduce((sum, share) => sum + share, 0) - 1) < 1e-5);
      assert.ok(own.slice(real).every((share) => share === 0));
    }
  });
});

const lengthOf = (tokens: readonly number[]) => {
  const end = tokens.indexOf(endToken);
  return end < 0 ? tokens.length : end + 1;
};

function modelOf(attention: ModelSpec['attention']) {
  const spec = specOf({
    steps,
    input: { kind: 'tokens', vocabulary: 4 },
    masked: true,
    layers: [layerOf('gru', 4, { bidirectional: true })],
    pooling: 'every',
    target: 'tokens',
    targets: words,
    outputs: words,
    longest,
    loss: { ...specOf().loss, name: 'crossEntropy' },
    attention,
  });
  const random = new RandomStream(11, 0, 0);
  const parameters: Parameters = new Map(
    [...initialParameters(spec, 3)].map(([name, { shape, ...tensor }]) => [
      name,
      floats(
        'float32',
        shape,
        toNumbers({ shape, ...tensor }).map((value) => value + 0.8 * random.normal()),
      ),
    ]),
  );
  return { spec, parameters };
}

const mask = floats(
  'float32',
  [sources.length, steps],
  lengths.flatMap((length) => Array.from({ length: steps }, (_, step) => (step < length ? 1 : 0))),
);

async function translate(spec: ModelSpec, parameters: Parameters) {
  const given = await run(exportModel(spec, parameters, {}), {
    tokens: { dtype: 'int32', shape: [sources.length, steps], data: Int32Array.from(sources.flat()) },
    mask,
  });
  const flat = toNumbers(given['translation'] ?? assert.fail());
  return {
    tokens: sources.map((_, item) => flat.slice(item * longest, (item + 1) * longest)),
    probabilities: toNumbers(given['probability'] ?? assert.fail()),
    attention: given['attention'] === undefined ? [] : toNumbers(given['attention']),
  };
}

/** Tries every translation there is with the graph that training is judged by. */
async function likeliest(spec: ModelSpec, parameters: Parameters) {
  const evaluate = await open(buildEvaluationGraph(spec, 1));
  const flat = flatten(parameters, layoutOf(spec));
  const written = Array.from({ length: words }, (_, token) => token).filter((token) => token !== unknownToken);
  const all: number[][] = [];
  const grow = (begun: number[]) => {
    if (begun.at(-1) === endToken || begun.length === longest) all.push(begun);
    else for (const token of written) grow([...begun, token]);
  };
  grow([]);
  const found: { tokens: number[]; probability: number }[] = [];
  for (const [item, source] of sources.entries()) {
    let best = { tokens: [0], probability: 0, mean: Number.NEGATIVE_INFINITY };
    for (const tokens of all) {
      const padded = Array.from({ length: longest }, (_, place) => tokens[place] ?? endToken);
      const { loss } = await evaluate({
        x: { dtype: 'int32', shape: [steps, 1], data: Int32Array.from(source) },
        y: { dtype: 'int32', shape: [longest, 1], data: Int32Array.from(padded) },
        weight: floats(
          'float32',
          [longest, 1],
          padded.map((_, place) => (place < tokens.length ? 1 : 0)),
        ),
        mask: floats('float32', [steps, 1], toNumbers(mask).slice(item * steps, (item + 1) * steps)),
        parameters: floats('float32', [flat.length], flat),
      });
      const mean = -Number(loss?.data[0]);
      if (mean > best.mean) best = { tokens: padded, probability: Math.exp(mean * tokens.length), mean };
    }
    found.push(best);
  }
  return found;
}
