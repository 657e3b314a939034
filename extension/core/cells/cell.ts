import type { CellName } from '../../protocol/experiment';
import { type Equation, type Expression, parseEquations } from './language';

/** What a cell's file says. Everything else about the cell is derived from it. */
export interface CellDefinition {
  readonly name: CellName;
  /** As people write it. */
  readonly title: string;
  /** The equations in the language of `language.ts`; the states are what they give a next value to. */
  readonly equations: string;
  /** The gates in the order in which ONNX stacks their weights. */
  readonly gates: readonly string[];
  /** The fused ONNX operator that computes this cell, with the attributes that make it so. */
  readonly fused: {
    readonly op: 'RNN' | 'LSTM' | 'GRU';
    readonly activations?: readonly string[];
    readonly linearBeforeReset?: 0 | 1;
  };
  /** The gate whose bias starts at one, so that the state is kept until there is reason to forget (Jozefowicz et al. 2015). */
  readonly forgetGate?: string;
}

/** A cell: a recurrence from (x, states) to the next states, of which `h` is the output. */
export interface Cell extends CellDefinition {
  readonly steps: readonly Equation[];
  readonly states: readonly string[];
  /** Every named signal in the order of the equations: gates, candidates, states. */
  readonly signals: readonly Signal[];
}

export interface Signal {
  readonly name: string;
  /** `gate`: within [0, 1], because it comes out of a sigmoid; `signed`: everything else. */
  readonly range: 'gate' | 'signed';
}

/** Reads a definition. */
export function defineCell(definition: CellDefinition): Cell {
  const steps = parseEquations(definition.equations);
  return {
    ...definition,
    steps,
    states: steps.filter(({ next }) => next).map(({ name }) => name),
    signals: steps.map(({ name, value }) => ({ name, range: isSigmoid(value) ? 'gate' : 'signed' })),
  };
}

const isSigmoid = (value: Expression) => value.kind === 'call' && value.fn === 'σ';
