import { Builder } from '../../graph/builder';
import { Graph } from '../../graph/graph';
import type { Value } from '../../graph/value';
import type { StepGraph } from '../match/contract';
import type { Constants } from '../numeric/constants';
import { numbersOf } from '../numeric/numbers';
import { StepInputs, type StepSequence } from './stepInputs';
import type { Repeated } from './steps';
import { StepWriter } from './stepWriter';
import type { Term } from './terms';

/** A repeated step as one graph, as the body of a loop would be. */
export interface RolledStep {
  readonly step: StepGraph;
  /** What is read at each step; the inputs of `step` in order. */
  readonly sequences: readonly StepSequence[];
  /** The term of the pattern that a value of `step` stands for. */
  readonly terms: ReadonlyMap<Value, Term>;
  /** Terms of any step that are computed in `step`, beside those of the pattern. */
  readonly pulled: ReadonlySet<Term>;
}

/** Writes the pattern of a recurrence as a graph. `isOthers` tells the terms of the steps of other recurrences. */
export function rolledStep(
  { pattern, steps, initial }: Repeated,
  isOthers: (term: Term) => boolean,
  constants: Constants,
): RolledStep {
  const b = new Builder(new Graph('step'));
  const writer = new StepWriter(b);
  const own = steps.findIndex((images) => pattern.after.every((term) => images.get(term) === term));
  const before = pattern.before.map((term, i) => {
    const shape = initial?.[i]?.value.type.shape ?? pattern.after[i]?.value.type.shape ?? null;
    const { type } = term.value;
    return b.graph.input(term.value.name, { dtype: type.dtype, shape: type.shape ?? shape });
  });
  const values = new Map<Term, Value>(pattern.before.map((term, i) => [term, before[i] as Value]));
  const inputs = new StepInputs(b, writer, steps, own, isOthers);
  for (const leaf of pattern.leaves) values.set(leaf, inputs.resolve(leaf));
  for (const term of pattern.inside) {
    values.set(
      term,
      writer.write(
        term,
        term.inputs.map((input) => input && (values.get(input) ?? input.value)),
      ),
    );
  }
  const original = new Map<Value, Value>();
  for (const term of [...pattern.inside, ...writer.pulled].flatMap(({ inputs }) => inputs)) {
    if (term?.fixed) original.set(term.value, term.node?.outputs[term.output] ?? term.value);
  }
  const step: StepGraph = {
    nodes: b.graph.nodes,
    states: before.map((value, i) => ({
      before: value,
      after: values.get(pattern.after[i] as Term) as Value,
      shape: value.type.shape,
    })),
    inputs: inputs.sequences.map(({ input }) => ({ value: input, shape: input.type.shape })),
    constantOf: (value) =>
      value.constant === null ? constants(original.get(value) ?? value) : numbersOf(value.constant),
  };
  return { step, sequences: inputs.sequences, terms: writer.terms, pulled: writer.pulled };
}
