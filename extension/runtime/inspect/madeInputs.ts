import { RandomStream, streams } from '../../core/random';
import { sizeOf, type Tensor } from '../../core/tensor';
import { UnrollError } from '../../protocol/errors';
import type { InputWish, OpenedModel } from '../../protocol/model';
import { arrayOf } from './caseFile';
import type { InputRole } from './inputRoles';

/** An input with more numbers than this is refused before it is made. */
const mostNumbers = 2 ** 26;

/** Which sizes a model's inputs leave free. */
export function freeSizes(roles: readonly InputRole[]): OpenedModel['free'] {
  const isFree = ({ input }: InputRole, axis: number | null) =>
    axis !== null && typeof input.type.shape?.[axis] === 'string';
  return {
    steps: roles.some((role) => isFree(role, role.steps) && role.length === undefined),
    batch: roles.some((role) => isFree(role, role.batch)),
  };
}

/** How many steps an input must or should have; null where that is free, or where it has no steps. */
export function lengthOf({ input, steps, length }: InputRole): number | null {
  const dim = steps === null ? undefined : input.type.shape?.[steps];
  if (dim === undefined) return null;
  return typeof dim === 'number' ? dim : (length ?? null);
}

/**
 * Input tensors, by name, for a model of which nothing is known but its file: zeros, standard normal noise, or a one at the first step.
 * Of tokens, noise is any and the one is number 1; states begin at zero; every sequence is as
 * long as there are steps.
 * @throws UnrollError `model` where a shape is not declared or is absurd.
 */
export function madeInputs(roles: readonly InputRole[], wish: InputWish): ReadonlyMap<string, Tensor> {
  return new Map(roles.map((role, i) => [role.input.name, madeInput(role, wish, i, stepsOf(roles, wish))] as const));
}

/** The length of the sequences: the one that an input declares, else the one that was asked for. */
function stepsOf(roles: readonly InputRole[], wish: InputWish): number {
  return roles.map(lengthOf).find((length) => length !== null) ?? wish.steps;
}

function madeInput(role: InputRole, { kind, seed, steps, batch }: InputWish, index: number, length: number): Tensor {
  const { name, type } = role.input;
  if (type.shape === null) {
    throw new UnrollError(
      'model',
      'The model does not declare the shape of its input {0}, so none can be made; give its inputs in a JSON file.',
      name,
    );
  }
  const free = (axis: number) => (axis === role.steps ? (lengthOf(role) ?? steps) : axis === role.batch ? batch : 1);
  const shape = type.shape.map((dim, axis) => (typeof dim === 'number' ? dim : free(axis)));
  const size = sizeOf(shape);
  if (size > mostNumbers) {
    throw new UnrollError(
      'model',
      'The input {0} would have the shape [{1}], which is too large to be shown; ask for fewer steps or a smaller batch.',
      name,
      shape.join(', '),
    );
  }
  const values = new Array<number>(size).fill(role.kind === 'lengths' ? length : role.kind === 'mask' ? 1 : 0);
  const random = new RandomStream(seed >>> 0, streams.input, index);
  const last = shape.at(-1) ?? 1;
  if (role.kind === 'weight' && kind !== 'zeros') {
    for (let i = 0; i < size; i++) values[i] = random.normal() / Math.sqrt(last);
  }
  if (kind === 'noise' && role.kind === 'values') for (let i = 0; i < size; i++) values[i] = random.normal();
  if (kind === 'noise' && role.kind === 'tokens') {
    for (let i = 0; i < size; i++) values[i] = random.below(Math.max(1, role.tokens ?? 2));
  }
  if (kind === 'impulse' && (role.kind === 'values' || (role.kind === 'tokens' && role.tokens !== 1))) {
    const inner = sizeOf(shape.slice((role.steps ?? -1) + 1));
    const along = role.steps === null ? 1 : (shape[role.steps] ?? 1);
    for (let i = 0; i < size; i++) if (Math.floor(i / inner) % along === 0) values[i] = 1;
  }
  return { dtype: type.dtype, shape, data: arrayOf(type.dtype, values) };
}
