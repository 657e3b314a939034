import type { LayerChoice } from '../../protocol/experiment';
import type { Cell } from '../cells/cell';
import { layerNormalized } from '../cells/layerNorm';
import { type CellParameter, cellParameters, type ParameterName } from '../cells/parameters';
import { recurrence, type StateChanges, zeroState } from '../cells/recurrence';
import type { LayerParameters } from '../cells/step';
import { cells } from '../cells/table';
import { statePrefix } from '../graph/carried';
import type { Value } from '../graph/value';
import type { Role } from '../init/table';
import { at } from '../ops/arguments';
import type { Context, RecurrentCall, RecurrentWriter } from './context';

/** The cell of a layer. */
export const cellOfLayer = ({ cell, layerNorm }: Pick<LayerChoice, 'cell' | 'layerNorm'>): Cell =>
  layerNorm ? layerNormalized(cells[cell]) : cells[cell];

/** Numbers that a layer hands on for each step. */
export const unitsOf = ({ hidden, bidirectional }: Pick<LayerChoice, 'hidden' | 'bidirectional'>) =>
  bidirectional ? 2 * hidden : hidden;

/** What each of a cell's parameters is to an initialiser. */
const roles: Readonly<Record<CellParameter['role'], Role>> = {
  input: 'input',
  recurrent: 'recurrent',
  bias: 'inputBias',
  recurrentBias: 'recurrentBias',
  peephole: 'peephole',
  gain: 'gain',
  normBias: 'shift',
};

/** Asks for the parameters of a cell; `prefix` begins their names. */
export function cellWeights(
  { parameter }: Context,
  prefix: string,
  cell: Cell,
  input: number,
  hidden: number,
): LayerParameters {
  const entries = cellParameters(cell, input, hidden).map(({ name, shape, role, gates }): [ParameterName, Value] => {
    const fanIn = role === 'input' || role === 'bias' ? input : hidden;
    const size = { gates: gates.length, out: hidden, fanIn, hidden };
    const forget = cell.forgetGate === undefined ? -1 : gates.indexOf(cell.forgetGate);
    return [
      name,
      parameter({
        name: `${prefix}.${name}`,
        shape,
        role: roles[role],
        size,
        ...(role === 'bias' && forget >= 0 && { forgetGate: forget }),
      }),
    ];
  });
  return Object.fromEntries(entries);
}

/** What goes into a recurrent layer and comes out of it. */
export interface Sequence {
  /** [steps, units, batch]; null where only the end was wanted. */
  readonly x: Value;
  readonly steps: number;
  readonly units: number;
  /** [steps, 1, batch], or null. */
  readonly mask: Value | null;
}

export interface LayerResult {
  /** Null where only the end was wanted. */
  readonly sequence: Sequence | null;
  /** What the layer hands on after the last step of an unpadded sequence, [units, batch]; null where that is not at hand. */
  readonly last: Value | null;
  /** Final states by the names that they are carried under, [hidden, batch]. */
  readonly finals: ReadonlyMap<string, Value>;
}

/** A recurrent layer. `name` begins the names of all that belongs to it. */
export function recurrentLayer(
  context: Context,
  name: string,
  choice: LayerChoice,
  input: Sequence,
  { recurrentDrop, everyStep }: { readonly recurrentDrop: number; readonly everyStep: boolean },
): LayerResult {
  const { b } = context;
  const { hidden, bidirectional, residual } = choice;
  const cell = cellOfLayer(choice);
  const read = everyKth(context, input, choice.every);
  const directions = (bidirectional ? [name, `${name}.reverse`] : [name]).map((prefix, i) => {
    const carried = cell.states.map((state) => context.carried(stateName(prefix, state), [hidden]));
    return {
      name: prefix,
      reverse: i === 1,
      parameters: cellWeights(context, prefix, cell, read.units, hidden),
      carried,
      initial: carried.every((state) => state === null)
        ? null
        : carried.map((state) => state?.before ?? zeroState(b, read.x, hidden)),
      stateDrop: recurrentDrop === 0 ? null : context.dropout(`${prefix}.state`, [hidden], recurrentDrop),
    };
  });
  const all = everyStep || bidirectional || read.mask !== null;
  const { steps, finals, endsBeforePadding } = context.recurrent(b, {
    cell,
    hidden,
    x: read.x,
    mask: read.mask,
    directions,
    everyStep: all,
  });
  for (const [i, { carried }] of directions.entries())
    for (const [k, state] of carried.entries()) state?.after(at(at(finals, i), k));
  const output = cell.states.indexOf(cell.output);
  const units = unitsOf(choice);
  const added = residual ? read.x : null;
  const atEnd = read.mask === null || (endsBeforePadding && !residual);
  const last = bidirectional || !atEnd ? null : at(at(finals, 0), output);
  const lastAdded =
    added === null || last === null
      ? last
      : b.inPart('Residual', () => b.add(last, b.squeeze(b.last(added, 1, 0), [0])));
  return {
    sequence:
      steps === null
        ? null
        : { ...read, x: added === null ? steps : b.inPart('Residual', () => b.add(steps, added)), units },
    last: lastAdded,
    finals: new Map(
      directions.flatMap(({ name: prefix }, i) =>
        cell.states.map((state, k): [string, Value] => [stateName(prefix, state), at(at(finals, i), k)]),
      ),
    ),
  };
}

/** The name that a state is carried under from one stretch of a sequence to the next. */
export const stateName = (prefix: string, state: string) => `${statePrefix}${prefix}.${state}`;

/** Every k-th step of a sequence, the k-th first. */
function everyKth({ b }: Context, sequence: Sequence, k: number): Sequence {
  if (k === 1) return sequence;
  const steps = Math.floor(sequence.steps / k);
  const chosen = b.int64s(Array.from({ length: steps }, (_, i) => (i + 1) * k - 1));
  const pick = (value: Value) => b.inPart(`Every ${k} steps`, () => b.gather(value, chosen, 0));
  return { ...sequence, x: pick(sequence.x), steps, mask: sequence.mask === null ? null : pick(sequence.mask) };
}

/**
 * Writes recurrences so that gradients flow through them. A cell that is linear in its state is solved for all steps at once where
 * `form` is `parallel`; everything else is a loop over time. `changes` says what becomes of a direction's states after each step.
 */
export const writtenOut =
  (
    form: 'step' | 'parallel',
    changes?: (direction: RecurrentCall['directions'][number]) => StateChanges,
  ): RecurrentWriter =>
  (b, { cell, hidden, x, mask, directions, everyStep }) => {
    const written = directions.map((direction) => {
      const { reverse, parameters, initial, stateDrop } = direction;
      return recurrence(b, {
        cell,
        hidden,
        x,
        reverse,
        parameters,
        initial: initial ?? cell.states.map(() => zeroState(b, x, hidden)),
        // Right-padded sequences end before their padding begins; only the other way round does it come first.
        mask: reverse ? mask : null,
        stateDrop,
        form,
        signals: everyStep ? [cell.output] : [],
        ...(changes && { changes: changes(direction) }),
      });
    });
    return {
      steps: everyStep
        ? b.concat(
            written.map(({ signals }) => signals.get(cell.output) ?? x),
            1,
          )
        : null,
      finals: written.map(({ finals }) => finals),
      endsBeforePadding: false,
    };
  };
