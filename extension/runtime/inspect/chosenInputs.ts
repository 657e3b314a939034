import type { Tensor } from '../../core/tensor';
import { toNumbers } from '../../core/tensor';
import { givenWords } from '../../data/tags/sentences';
import { wordsOf } from '../../data/text/words';
import { UnrollError } from '../../protocol/errors';
import type { InputWish } from '../../protocol/model';
import type { TraceSignal } from '../../protocol/trace';
import type { ModelMetadata } from '../export/metadata';
import { arrayOf, readInputs } from './caseFile';
import type { InputRole } from './inputRoles';
import { lengthOf, madeInputs } from './madeInputs';
import { rowInputs } from './rowInputs';
import { ownVocabulary, readVocabulary, tokensOf, type Vocabulary, wordTokens } from './vocabulary';

/** The inputs of a model as somebody chose them, and what is known of their steps. */
export interface ChosenInputs {
  readonly inputs: ReadonlyMap<string, Tensor>;
  /** What is read in its own units; null where it is what the model reads. */
  readonly columns: readonly TraceSignal[] | null;
  readonly time: readonly number[] | null;
  /** The text of each token that is read; null where no tokens are read or nothing is known of them. */
  readonly characters: readonly string[] | null;
  readonly vocabulary: Vocabulary | null;
}

/**
 * Makes or reads what a model is to be run with. `given` is the file that goes with the kind of wish: the inputs as JSON, the table, or the
 * vocabulary of the text.
 * @throws UnrollError `usage` where a file is missing, `data` where it does not fit the model.
 */
export async function chosenInputs(
  roles: readonly InputRole[],
  wish: InputWish,
  given: string | null,
  metadata: ModelMetadata | null,
): Promise<ChosenInputs> {
  const vocabulary = metadata?.vocabulary ? ownVocabulary(metadata.vocabulary) : null;
  if (wish.kind === 'rows') return rowsChosen(roles, wish, needed(given), metadata);
  if (wish.kind === 'text') {
    const own = metadata?.text?.read === 'words' && vocabulary !== null ? vocabulary : null;
    const cut = metadata?.task === 'label' ? (text: string) => givenWords(text, 'words') : wordsOf;
    if (own !== null) return textChosen(roles, wish, own, wordTokens(cut(wish.text), own));
    const known = vocabulary ?? (given === null ? null : readVocabulary(given));
    if (known !== null) return textChosen(roles, wish, known);
    throw new UnrollError(
      'usage',
      'The model does not say what its tokens stand for; choose its vocabulary as a JSON file.',
    );
  }
  const inputs = wish.kind === 'file' ? readInputs(needed(given)) : madeInputs(roles, wish);
  return { inputs, columns: null, time: null, characters: charactersOf(roles, inputs, vocabulary), vocabulary };
}

function needed(given: string | null): string {
  if (given !== null) return given;
  throw new UnrollError('usage', 'No file with inputs was chosen.');
}

async function rowsChosen(
  roles: readonly InputRole[],
  wish: InputWish,
  file: string,
  metadata: ModelMetadata | null,
): Promise<ChosenInputs> {
  const role = sequenceRole(roles, 'values');
  const { steps, features } = sizesOf(role, 'values');
  const { row, standardised } = wish;
  const rowWish = { file, row, steps: steps ?? wish.steps, fewer: steps === null, standardised };
  const window = await rowInputs(rowWish, features, metadata);
  const inputs = withSequence(roles, wish, role, window.steps, features, Array.from(window.values));
  return { inputs, columns: window.columns, time: window.time, characters: null, vocabulary: null };
}

function textChosen(
  roles: readonly InputRole[],
  wish: InputWish,
  vocabulary: Vocabulary,
  tokens = tokensOf(wish.text, vocabulary),
): ChosenInputs {
  const role = sequenceRole(roles, 'tokens');
  const { steps } = sizesOf(role, 'tokens');
  if (tokens.length === 0) throw new UnrollError('usage', 'There is no text to read; write some.');
  if (steps !== null && tokens.length < steps) {
    throw new UnrollError(
      'usage',
      'The text has {0} tokens and the model reads {1}; write more.',
      tokens.length,
      steps,
    );
  }
  // Of a longer text the end is read: what is asked of a text is how it goes on.
  const read = tokens.slice(steps === null ? 0 : tokens.length - steps);
  const limit = role.tokens ?? Number.POSITIVE_INFINITY;
  const beyond = read.find(({ token }) => token >= limit);
  if (beyond !== undefined) {
    throw new UnrollError(
      'data',
      'The vocabulary gives "{0}" the number {1}, and the model knows {2} tokens; choose the vocabulary that it was trained with.',
      beyond.text,
      beyond.token,
      limit,
    );
  }
  const numbers = read.map(({ token }) => token);
  const inputs = withSequence(roles, wish, role, read.length, 1, numbers);
  return { inputs, columns: [], time: null, characters: read.map(({ text }) => text), vocabulary };
}

/** The one input that is read step by step. */
function sequenceRole(roles: readonly InputRole[], kind: 'values' | 'tokens'): InputRole {
  const found = roles.filter((role) => role.kind === kind && role.steps !== null);
  const [role, ...more] = found;
  if (role !== undefined && more.length === 0) return role;
  if (role === undefined) {
    if (kind === 'values')
      throw new UnrollError(
        'usage',
        'This model reads no numbers step by step, so it cannot read the rows of a table.',
      );
    throw new UnrollError('usage', 'This model reads no tokens step by step, so it cannot read a text.');
  }
  throw new UnrollError(
    'usage',
    'This model reads several sequences ({0}), so it cannot be said which of them is meant; give its inputs in a JSON file.',
    found.map(({ input }) => input.name).join(', '),
  );
}

/** How many steps the file fixes, or null, and how many numbers a step has. */
function sizesOf(role: InputRole, kind: 'values' | 'tokens'): { steps: number | null; features: number } {
  const { input, steps, batch } = role;
  const { shape } = input.type;
  if (shape === null) {
    throw new UnrollError(
      'model',
      'The model does not declare the shape of its input {0}, so none can be made; give its inputs in a JSON file.',
      input.name,
    );
  }
  const rest = shape.filter((_, axis) => axis !== steps && axis !== batch);
  const features = rest.reduce<number>((size, dim) => size * (typeof dim === 'number' ? dim : Number.NaN), 1);
  // A step without an axis of its own is one number.
  if (kind === 'values' && !(features >= 1)) {
    throw new UnrollError(
      'model',
      'The model does not say how many numbers its input {0} has at a step; give its inputs in a JSON file.',
      input.name,
    );
  }
  return { steps: lengthOf(role), features };
}

/** All inputs, made as zeros but for one: the same sequence, row-major [steps][features], for every item of the batch. */
function withSequence(
  roles: readonly InputRole[],
  wish: InputWish,
  role: InputRole,
  steps: number,
  features: number,
  values: readonly number[],
): ReadonlyMap<string, Tensor> {
  const made = new Map(madeInputs(roles, { ...wish, kind: 'zeros', steps }));
  const tensor = made.get(role.input.name);
  if (tensor === undefined) return made;
  const { shape, dtype } = tensor;
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((size, dim) => size * dim, 1));
  const rest = shape.map((_, axis) => axis).filter((axis) => axis !== role.steps && axis !== role.batch);
  const size = shape.reduce((all, dim) => all * dim, 1);
  const along = (index: number, axis: number) => Math.floor(index / (strides[axis] ?? 1)) % (shape[axis] ?? 1);
  const filled = Array.from({ length: size }, (_, index) => {
    const step = role.steps === null ? 0 : along(index, role.steps);
    const feature = rest.reduce((number, axis) => number * (shape[axis] ?? 1) + along(index, axis), 0);
    return values[step * features + feature] ?? 0;
  });
  return made.set(role.input.name, { dtype, shape, data: arrayOf(dtype, filled) });
}

/** The texts of the first item's tokens. */
function charactersOf(
  roles: readonly InputRole[],
  inputs: ReadonlyMap<string, Tensor>,
  vocabulary: Vocabulary | null,
): readonly string[] | null {
  const role = roles.find(({ kind, steps }) => kind === 'tokens' && steps !== null);
  const tensor = role && inputs.get(role.input.name);
  if (vocabulary === null || role === undefined || tensor === undefined || role.steps === null) return null;
  const stride = tensor.shape.slice(role.steps + 1).reduce((size, dim) => size * dim, 1);
  const numbers = toNumbers(tensor);
  return Array.from(
    { length: tensor.shape[role.steps] ?? 0 },
    (_, step) => vocabulary.names[numbers[step * stride] ?? -1] ?? '',
  );
}
