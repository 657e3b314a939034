import { type Equation, type Expression, parseEquations } from '../../protocol/cellLanguage';
import { type CellName, cellTitles } from '../../protocol/choices/cells';

/** What a cell's file says. Everything else about the cell is derived from it. */
export interface CellDefinition {
  readonly name: CellName;
  /** The equations in the language of `protocol/cellLanguage.ts`; the states are what they give a next value to. */
  readonly equations: string;
  /** The gates in the order in which their weights are stacked: ONNX's, where it has this cell. */
  readonly gates: readonly string[];
  /** The fused ONNX operator that computes this cell, or null where there is none. */
  readonly fused: FusedForm | null;
  /** The gate whose bias starts at one, so that the state is kept until there is reason to forget (Jozefowicz et al. 2015). */
  readonly forgetGate?: string;
  /** The state that the layer hands on; `h` where it is left out. */
  readonly output?: string;
}

/** A fused ONNX operator, with what makes it compute a cell. */
export interface FusedForm {
  readonly op: 'RNN' | 'LSTM' | 'GRU';
  readonly activations?: readonly string[];
  /** The constants of activations that have them, such as those of Affine. */
  readonly alpha?: readonly number[];
  readonly beta?: readonly number[];
  readonly linearBeforeReset?: 0 | 1;
  /** The forget gate is one minus the input gate. */
  readonly inputForget?: true;
  /** The operator's gates where it has more than the cell: the others' weights are zeros that it never uses. */
  readonly gates?: readonly string[];
}

/** A cell: a recurrence from (x, states) to the next states, of which `output` is handed on. */
export interface Cell extends Required<Pick<CellDefinition, 'output'>>, Omit<CellDefinition, 'output'> {
  /** As people write it. */
  readonly title: string;
  readonly steps: readonly Equation[];
  readonly states: readonly string[];
  /** Every named signal in the order of the equations: gates, candidates, states. */
  readonly signals: readonly Signal[];
  /** Whether the sums inside it are normalised: see `layerNorm.ts`. */
  readonly normalized: boolean;
}

export interface Signal {
  readonly name: string;
  /** `gate`: within [0, 1], because it comes out of a sigmoid; `signed`: everything else. */
  readonly range: 'gate' | 'signed';
}

/** Reads a definition. */
export function defineCell(definition: CellDefinition, normalized = false): Cell {
  const steps = parseEquations(definition.equations);
  return {
    ...definition,
    title: normalized ? `${cellTitles[definition.name]}, layer norm` : cellTitles[definition.name],
    output: definition.output ?? 'h',
    steps,
    states: steps.filter(({ next }) => next).map(({ name }) => name),
    signals: steps.map(({ name, value }) => ({ name, range: isGate(value, steps) ? 'gate' : 'signed' })),
    normalized,
  };
}

/** Whether a value lies within [0, 1]: a sigmoid, hard or not, or one minus a sigmoid. */
function isGate(value: Expression, steps: readonly Equation[]): boolean {
  if (value.kind === 'call') return value.fn === 'σ' || value.fn.startsWith('hardSigmoid[');
  if (value.kind !== 'binary' || value.operator !== '−') return false;
  const { left, right } = value;
  const subtracted = right.kind === 'name' ? steps.find(({ name }) => name === right.name) : undefined;
  return left.kind === 'number' && left.value === 1 && subtracted !== undefined && isGate(subtracted.value, steps);
}
