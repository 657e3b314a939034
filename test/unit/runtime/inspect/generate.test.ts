import assert from 'node:assert/strict';
import path from 'node:path';
import { exportModel } from '../../../../extension/core/model/exportModel';
import { initialParameters, type Parameters } from '../../../../extension/core/model/parameters';
import { toNumbers } from '../../../../extension/core/tensor';
import type { LayerChoice } from '../../../../extension/protocol/experiment';
import { generate } from '../../../../extension/runtime/inspect/generate';
import { layerOf, specOf } from '../../../support/specs';
import { temporaryFolder } from '../../../support/temporaryFolder';

const vocabulary = ['\n', 'a', 'b', 'é', '😀'];
const wish = { prompt: 'ab', length: 30, temperature: 1, topK: null, topP: 1, seed: 5 };

/** Initial weights so large that what was read long ago still decides what comes next. */
const strong = (parameters: Parameters): Parameters =>
  new Map(
    [...parameters].map(([name, tensor]) => [
      name,
      { ...tensor, data: Float32Array.from(toNumbers(tensor), (value) => 6 * value) },
    ]),
  );

describe('a language model that writes', () => {
  const folder = temporaryFolder();

  /** A language model of random weights, as a file. */
  function modelOf(name: string, layers: readonly LayerChoice[], task = 'language'): string {
    const size = vocabulary.length + 1;
    const spec = specOf({
      steps: 4,
      input: { kind: 'tokens', vocabulary: size },
      layers,
      pooling: 'every',
      target: 'classes',
      targets: size,
      outputs: size,
      loss: { ...specOf({}).loss, name: 'crossEntropy' },
    });
    const metadata = {
      task,
      columns: '[]',
      target: 'character',
      scaler: '[]',
      lookback: '4',
      horizon: '1',
      season: 'null',
      anchor: 'none',
      split: '{"validation":0.1,"test":0.1}',
      missing: 'forwardFill',
      time: 'null',
      timeStep: 'null',
      vocabulary: JSON.stringify(vocabulary),
      unroll: '0.1.0',
    };
    return folder.write(`${name}.onnx`, Buffer.from(exportModel(spec, strong(initialParameters(spec, 3)), metadata)));
  }

  it('writes the same for the same seed, as much as was asked for, in its own characters', async () => {
    const model = modelOf('stream', [layerOf('lstm', 6)]);
    const text = await generate(model, wish);
    assert.equal(Array.from(text).length, 30);
    for (const character of text) assert.ok(vocabulary.includes(character));
    assert.equal(await generate(model, wish), text);
    assert.notEqual(await generate(model, { ...wish, seed: 6 }), text);
  });

  it('tells what it writes piece by piece, and stops when nobody wants it any more', async () => {
    const model = modelOf('stream', [layerOf('lstm', 6)]);
    const pieces: string[] = [];
    const cancelling = new AbortController();
    const writing = generate(model, { ...wish, length: 100_000 }, cancelling.signal, (text) => {
      pieces.push(text);
      if (pieces.length === 3) cancelling.abort();
    });
    await assert.rejects(writing);
    assert.equal(pieces.length, 3);
    assert.equal(Array.from(pieces.join('')).length, 3 * 64);
  });

  it('goes on from all that it has read where its states go on, however long that is', async () => {
    const model = modelOf('stream', [layerOf('gru', 6)]);
    const next = (prompt: string) => generate(model, { ...wish, prompt, length: 8, temperature: 0.3 });
    assert.notEqual(await next('aaaaaaaaaaab'), await next('ééééééééé😀b'));
  });

  it('writes on as if it had been given what it wrote', async () => {
    const model = modelOf('stream', [layerOf('lstm', 6)]);
    const greedy = (prompt: string, length: number) => generate(model, { ...wish, prompt, length, temperature: 0 });
    for (const prompt of ['ab', 'é😀a', 'bbba']) {
      const written = Array.from(await greedy(prompt, 12));
      assert.equal(await greedy(prompt + written.slice(0, 5).join(''), 7), written.slice(5).join(''));
    }
  });

  it('reads its last characters again and again where it reads both ways, and needs as many to begin with', async () => {
    const model = modelOf('window', [layerOf('gru', 4, { bidirectional: true })]);
    assert.equal(Array.from(await generate(model, { ...wish, prompt: 'abab', length: 5 })).length, 5);
    await assert.rejects(generate(model, wish), /reads 4 characters at a time, and there are 2/);
  });

  it('says so where a model writes no text', async () => {
    const other = modelOf('other', [layerOf('lstm', 3)], 'label');
    await assert.rejects(generate(other, wish), /trained for the task label and writes no text/);
    await assert.rejects(generate(path.resolve('test/fixtures/onnx/ts_lstm.onnx'), wish), /models trained by Unroll/);
  });
});
