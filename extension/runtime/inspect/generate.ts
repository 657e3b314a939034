import { readMetadata } from '../../core/onnx/metadata';
import { RandomStream, streams } from '../../core/random';
import { draw } from '../../core/sampling';
import { joinWords, wordsOf } from '../../data/text/words';
import { UnrollError } from '../../protocol/errors';
import type { GenerateWish } from '../../protocol/model';
import { decodeMetadata } from '../export/metadata';
import { textStream } from '../export/textStream';
import { withSession } from '../session/session';
import { inspectionDevice, modelPath, readModel } from './modelFile';

/** So often somebody who waits is let in between. */
const piece = 64;

/**
 * Lets a language model of ours write. The same seed writes the same.
 * @param onText is given the text piece by piece.
 * @throws UnrollError `usage` where the model writes no text, or where there is nothing to begin with.
 */
export async function generate(
  model: string,
  { prompt, length, seed, ...sampling }: GenerateWish,
  signal?: AbortSignal,
  onText: (text: string) => void = () => {},
): Promise<string> {
  const file = modelPath(model);
  const bytes = readModel(file);
  const metadata = decodeMetadata(readMetadata(bytes), file);
  const { task, vocabulary, text: reading } = metadata;
  const isOfWords = reading?.read === 'words';
  if (task !== 'language' || vocabulary === null) {
    throw new UnrollError(
      'usage',
      '{0} is trained for the task {1} and writes no text; choose a language model.',
      model,
      task,
    );
  }
  const places = new Map(vocabulary.map((character, token) => [character, token] as const));
  const random = new RandomStream(seed >>> 0, streams.generate, 0);
  // A text begins where a line does.
  const before = prompt === '' ? '\n' : prompt;
  const read = isOfWords ? wordsOf(before) : Array.from(before);
  const begun = read.map((token) => places.get(token) ?? vocabulary.length);
  return withSession(bytes, inspectionDevice, async (session) => {
    const stream = await textStream(session, metadata);
    let probabilities = await stream.read(Int32Array.from(begun));
    const written: string[] = [];
    let told = 0;
    const all = () => (isOfWords ? joinWords(written, prompt) : written.join(''));
    const tell = () => {
      const text = all();
      onText(text.slice(told));
      told = text.length;
    };
    while (written.length < length) {
      const token = draw(probabilities, sampling, random);
      written.push(vocabulary[token] ?? '');
      if (written.length % piece === 0) {
        tell();
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
      }
      if (written.length < length) probabilities = await stream.read(Int32Array.of(token));
    }
    tell();
    return all();
  });
}
