import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { UnrollError } from '../../protocol/errors';

/** The texts that a model's tokens stand for. */
export interface Vocabulary {
  /** One entry a token; empty where nothing is known of it. */
  readonly names: readonly string[];
  /** The token of whatever is not in the vocabulary; null where there is none. */
  readonly unknown: number | null;
}

/** A longer file is no vocabulary. */
const mostBytes = 64 * 1024 * 1024;

/** A token with a higher number has no name in any vocabulary that can be read. */
const mostTokens = 2 ** 22;

const list = z.array(z.string());
const numbered = z.record(z.string(), z.int().min(0).max(mostTokens));
const schema = z.union([
  list,
  z.looseObject({ vocabulary: z.union([list, numbered]) }),
  // Where tokenizers keep it.
  z.looseObject({ model: z.looseObject({ vocab: numbered }) }),
  numbered,
]);

const unknownNames: ReadonlySet<string> = new Set(['<unk>', '[UNK]', '<UNK>', '<oov>', '�']);

/**
 * Reads a vocabulary: a JSON list of texts in the order of their tokens, an object from text to token, or an object that holds one of
 * these under `vocabulary` (or a tokenizer's `model.vocab`).
 * @throws UnrollError `data` where the file is none.
 */
export function readVocabulary(file: string): Vocabulary {
  let content: unknown;
  try {
    if (statSync(file).size > mostBytes) throw new Error(`> ${mostBytes} B`);
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new UnrollError(
      'data',
      '{0} cannot be read as JSON ({1}); give a vocabulary: a list of texts in the order of their tokens.',
      file,
      reason,
    );
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    throw new UnrollError(
      'data',
      '{0} holds no vocabulary; it must be a list of texts in the order of their tokens, or an object from text to token.',
      file,
    );
  }
  const { data } = parsed;
  const held = Array.isArray(data)
    ? data
    : isHolder(data)
      ? data.vocabulary
      : isTokenizer(data)
        ? data.model.vocab
        : data;
  return Array.isArray(held) ? vocabularyOf(held) : vocabularyOf(inOrder(held as Record<string, number>));
}

type Read = Exclude<z.infer<typeof schema>, readonly string[]>;
const isHolder = (data: Read): data is { vocabulary: string[] | Record<string, number> } =>
  Object.hasOwn(data, 'vocabulary') && typeof data['vocabulary'] === 'object';
const isTokenizer = (data: Read): data is { model: { vocab: Record<string, number> } } =>
  Object.hasOwn(data, 'model') && typeof data['model'] === 'object';

function inOrder(tokens: Readonly<Record<string, number>>): string[] {
  const names: string[] = [];
  for (const [name, token] of Object.entries(tokens)) names[token] = name;
  return Array.from(names, (name) => name ?? '');
}

const vocabularyOf = (names: readonly string[]): Vocabulary => {
  const unknown = names.findIndex((name) => unknownNames.has(name));
  return { names, unknown: unknown < 0 ? null : unknown };
};

/** The vocabulary of a model of ours: one token more stands for every character that is not in it. */
export const ownVocabulary = (characters: readonly string[]): Vocabulary => ({
  names: [...characters, ''],
  unknown: characters.length,
});

/**
 * Cuts a text into tokens, at each place the longest that fits.
 * @throws UnrollError `data` for a character that no token begins with where none stands for the unknown.
 */
export function tokensOf(
  text: string,
  { names, unknown }: Vocabulary,
): readonly { readonly token: number; readonly text: string }[] {
  const tokens = new Map<string, number>();
  let longest = 1;
  for (const [token, name] of names.entries()) {
    if (name === '' || tokens.has(name)) continue;
    tokens.set(name, token);
    longest = Math.max(longest, Math.min(name.length, mostLetters));
  }
  const found: { token: number; text: string }[] = [];
  for (let at = 0; at < text.length; ) {
    let length = Math.min(longest, text.length - at);
    while (length > 0 && !tokens.has(text.slice(at, at + length))) length -= 1;
    const read = length > 0 ? text.slice(at, at + length) : String.fromCodePoint(text.codePointAt(at) ?? 0);
    const token = tokens.get(read) ?? unknown;
    if (token === null) {
      throw new UnrollError(
        'data',
        'The vocabulary has no token for "{0}"; leave it out of the text or choose another vocabulary.',
        read,
      );
    }
    found.push({ token, text: read });
    at += read.length;
  }
  return found;
}

/** Words as a model of ours reads them. */
export function wordTokens(
  words: readonly string[],
  { names, unknown }: Vocabulary,
): readonly { readonly token: number; readonly text: string }[] {
  const places = new Map(names.map((name, token) => [name, token] as const));
  return words.map((word) => ({ token: places.get(word) ?? unknown ?? 0, text: word }));
}

/** Longer tokens are not looked for: every place of a text would be compared with all lengths. */
const mostLetters = 64;
