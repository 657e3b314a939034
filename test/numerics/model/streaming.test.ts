import assert from 'node:assert/strict';
import { nextState } from '../../../extension/core/graph/carried';
import { exportModel } from '../../../extension/core/model/exportModel';
import { initialParameters } from '../../../extension/core/model/parameters';
import type { ModelSpec } from '../../../extension/core/model/spec';
import { streamingOf, windowState } from '../../../extension/core/model/streaming';
import { readModel } from '../../../extension/core/onnx/read';
import { RandomStream } from '../../../extension/core/random';
import { floats, type Tensor, toNumbers } from '../../../extension/core/tensor';
import { cellNames } from '../../../extension/protocol/experiment';
import { shifted, someTokens, zeroStates } from '../../support/exported';
import { open } from '../../support/session';
import { layerOf, specOf } from '../../support/specs';
import { variants } from '../../support/variants';

const batch = 3;
/** Of sequences that differ in length: one ends within a piece, one where one ends, and one is over long before. */
const lengths = [2, 12, 4];
const total = 12;
const pieces = [1, 1, 2, 1, 5, 2];

const twoLayers = Object.fromEntries(
  cellNames.map((cell) => [
    `${cell}, two layers`,
    specOf({
      steps: 6,
      input: { kind: 'tokens', vocabulary: 5 },
      layers: [layerOf(cell, 4), layerOf(cell, 4, { residual: true })],
      pooling: 'every',
      target: 'classes',
      targets: 5,
      outputs: 5,
      loss: { ...specOf().loss, name: 'crossEntropy' },
    }),
  ]),
);
const normalised = Object.fromEntries(
  cellNames.map((cell) => [
    `${cell}, normalised, its last step, padded`,
    specOf({ steps: 6, masked: true, layers: [layerOf(cell, 4, { layerNorm: true })] }),
  ]),
);
const all = Object.entries({ ...twoLayers, ...normalised, ...variants });
const read = (how: ReturnType<typeof streamingOf>) => all.filter(([, spec]) => streamingOf(spec) === how);

describe('model: a file whose states are carried from piece to piece', () => {
  it('is that of models of every kind', () => {
    const found = read('states').map(([, spec]) => spec);
    const kinds: ((spec: ModelSpec) => boolean)[] = [
      ({ target }) => target === 'values',
      ({ target }) => target === 'classes',
      ({ target }) => target === 'symbols',
      ({ convolution }) => convolution !== null,
      ({ known = 0 }) => known > 0,
      ({ recursive }) => recursive,
      ({ masked }) => masked,
      ...(['last', 'every', 'mean', 'max', 'attention'] as const).map(
        (pooling) => (spec: ModelSpec) => spec.pooling === pooling,
      ),
    ];
    for (const kind of kinds) assert.ok(found.some(kind), kind.toString());
  });
  for (const [name, spec] of read('states')) {
    it(`answers as for the whole, and ends in the same states: ${name}`, async () => {
      const model = await fileOf(spec);
      const whole = await model.ask(model.piece(0, total), model.zeros);
      const given = await model.inPieces();
      for (const [output, expected] of Object.entries(whole)) {
        // Where every step is answered, the last piece answers its own.
        const { shape } = given.at(-1)?.[output] ?? assert.fail(output);
        const isEvery = spec.pooling === 'every' && spec.target !== 'values' && output === 'probabilities';
        const actual = isEvery ? along(given.map((answers) => answers[output] ?? assert.fail(output))) : null;
        if (actual === null) assert.deepEqual(shape, expected.shape);
        near(actual ?? toNumbers(given.at(-1)?.[output] ?? assert.fail(output)), toNumbers(expected), (index) =>
          isEvery && spec.masked ? isReal(index, expected.shape) : !isPadded(output, spec),
        );
      }
    });
  }
});

describe('model: a file that is given the rows before with every piece', () => {
  it('is that of models of windows, whatever they make of them', () => {
    const found = read('rows').map(([, spec]) => spec);
    assert.ok(found.some(({ anchor }) => anchor === 'last'));
    assert.ok(found.some(({ layers }) => layers.some(({ bidirectional }) => bidirectional)));
    assert.ok(found.some(({ layers }) => layers.some(({ every }) => every > 1)));
    assert.ok(found.some(({ pooling }) => pooling === 'mean'));
  });
  for (const [name, spec] of read('rows')) {
    it(`answers as for its last window: ${name}`, async () => {
      const model = await fileOf(spec);
      assert.deepEqual(Object.keys(model.zeros), [windowState]);
      const given = await model.inPieces();
      let end = 0;
      for (const [n, count] of pieces.entries()) {
        end += count;
        if (end < spec.steps) continue;
        const expected = await model.ask(model.piece(end - spec.steps, end), model.zeros);
        for (const [output, tensor] of Object.entries(given[n] ?? {})) {
          if (!output.endsWith(nextState)) assert.deepEqual(tensor, expected[output], `${output} at ${end}`);
        }
      }
    });
  }
});

describe('model: a file that takes whole sequences alone', () => {
  for (const [name, spec] of read('none')) {
    it(`has to know their end, and takes no states: ${name}`, () => {
      const { layers, target } = spec;
      assert.ok(target === 'tokens' || layers.some(({ bidirectional, every }) => bidirectional || every > 1));
      const { inputs } = readModel(exportModel(spec, initialParameters(spec, 9), {})).graph;
      for (const { type } of inputs) assert.deepEqual(type.shape?.slice(0, 2), ['batch', spec.steps]);
    });
  }
});

/** A file and a stream for it. */
async function fileOf(spec: ModelSpec) {
  const file = exportModel(spec, shifted(initialParameters(spec, 9)), {});
  const ask = await open(file);
  const random = new RandomStream(5, 0, 0);
  const { input } = spec;
  const features = input.kind === 'values' ? input.features : 1;
  const whole: Tensor =
    input.kind === 'tokens'
      ? someTokens([batch, total], input.vocabulary, random)
      : floats(
          'float32',
          [batch, total, features],
          Array.from({ length: batch * total * features }, () => random.normal()),
        );
  const cut = <T>(numbers: ArrayLike<T>, from: number, to: number, each: number) =>
    Array.from({ length: batch }, (_, item) =>
      Array.from(numbers).slice((item * total + from) * each, (item * total + to) * each),
    ).flat();
  const mask = lengths.flatMap((length) => Array.from({ length: total }, (_, step) => (step < length ? 1 : 0)));
  const piece = (from: number, to: number): Record<string, Tensor> => {
    const numbers = cut(toNumbers(whole), from, to, features);
    const read: Record<string, Tensor> =
      input.kind === 'tokens'
        ? { tokens: { dtype: 'int32', shape: [batch, to - from], data: Int32Array.from(numbers) } }
        : { window: floats('float32', [batch, to - from, features], numbers) };
    return spec.masked ? { ...read, mask: floats('float32', [batch, to - from], cut(mask, from, to, 1)) } : read;
  };
  const zeros = zeroStates(file, batch);
  return {
    zeros,
    piece,
    ask: (read: Record<string, Tensor>, states: Record<string, Tensor>) => ask({ ...read, ...states }),
    async inPieces(): Promise<Record<string, Tensor>[]> {
      const answers: Record<string, Tensor>[] = [];
      let [states, at] = [zeros, 0];
      for (const count of pieces) {
        const given = await ask({ ...piece(at, at + count), ...states });
        at += count;
        states = Object.fromEntries(
          Object.keys(zeros).map((name) => [name, given[`${name}${nextState}`] ?? assert.fail(name)]),
        );
        answers.push(given);
      }
      return answers;
    },
  };
}

/** Of [batch, steps, numbers] of one piece after another, those of the whole. */
function along(tensors: readonly Tensor[]): number[] {
  return Array.from({ length: batch }, (_, item) =>
    tensors.flatMap((tensor) => {
      const each = tensor.data.length / batch;
      return toNumbers(tensor).slice(item * each, (item + 1) * each);
    }),
  ).flat();
}

/** Whether a number of [batch, steps, numbers] is of a step of its sequence. */
function isReal(index: number, [, steps = 1, numbers = 1]: readonly number[]): boolean {
  const step = Math.floor(index / numbers);
  return step % steps < (lengths[Math.floor(step / steps)] ?? 0);
}

/** The last inputs of a convolution are padding where a sequence has ended: nothing comes after them. */
const isPadded = (output: string, { masked, convolution }: ModelSpec) =>
  masked && convolution !== null && output === `state.convolution${nextState}`;

function near(actual: readonly number[], expected: readonly number[], counts: (index: number) => boolean): void {
  assert.equal(actual.length, expected.length);
  for (const [i, wanted] of expected.entries()) {
    const value = actual[i] ?? Number.NaN;
    assert.ok(
      !counts(i) || Math.abs(value - wanted) < 1e-6 * Math.max(1, Math.abs(wanted)),
      `${i}: ${value}, ${wanted}`,
    );
  }
}
