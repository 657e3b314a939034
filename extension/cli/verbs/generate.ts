import { UnrollError } from '../../protocol/errors';
import { generate as write } from '../../runtime/inspect/generate';
import { type Command, jsonOption, type Options, textOption } from '../command';
import { resolveRun } from '../operands';

export const generate: Command = {
  verb: 'generate',
  synopsis:
    'generate <run | model.onnx> [--prompt TEXT] [--length N] [--temperature X] [--top-k N] [--top-p X] [--seed N]',
  summary: 'Lets a language model write on after a prompt.',
  operands: { least: 1, most: 1 },
  options: [
    { name: 'prompt', value: 'TEXT', help: 'What stands before; the beginning of a line where it is left out.' },
    { name: 'length', value: 'N', help: 'Characters to write (500).' },
    {
      name: 'temperature',
      value: 'X',
      help: 'Below 1 the likely becomes likelier; 0 always takes the likeliest (0.8).',
    },
    { name: 'top-k', value: 'N', help: 'Draw from so many of the likeliest alone.' },
    { name: 'top-p', value: 'X', help: 'Draw from the likeliest that have so much probability together (1).' },
    { name: 'seed', value: 'N', help: 'The same number writes the same text (1).' },
    jsonOption,
  ],
  async run({ options, operands: [model = ''], cwd, output }) {
    const topK = wholeNumber(options, 'top-k', Number.NaN, 1, 1e9);
    const wish = {
      prompt: textOption(options, 'prompt') ?? '',
      length: wholeNumber(options, 'length', 500, 1, 1e7),
      temperature: numberOption(options, 'temperature', 0.8, 0, 100),
      topK: Number.isNaN(topK) ? null : topK,
      topP: numberOption(options, 'top-p', 1, 1e-6, 1),
      seed: wholeNumber(options, 'seed', 1, 0, 2 ** 32 - 1),
    };
    const text = await write(resolveRun(cwd, model), wish);
    output.event({ prompt: wish.prompt, text });
    output.print(`${wish.prompt}${text}`);
    return 0;
  },
};

function wholeNumber(options: Options, name: string, otherwise: number, min: number, max: number): number {
  const value = numberOption(options, name, otherwise, min, max);
  if (Number.isInteger(value) || Number.isNaN(value)) return value;
  throw new UnrollError('usage', '--{0} must be a whole number of at least {1}, not "{2}".', name, min, value);
}

function numberOption(options: Options, name: string, otherwise: number, min: number, max: number): number {
  const text = textOption(options, name);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() !== '' && value >= min && value <= max) return value;
  throw new UnrollError('usage', '--{0} is {1} and must be a number from {2} to {3}.', name, text, min, max);
}
