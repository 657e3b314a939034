import type { Engine } from '../../../extension/host/engineProcess';
import type { RunState, RunSummary } from '../../../extension/protocol/run';

/** A run as the engine lists it. */
export function summaryOf(dir: string, state: RunState['kind'], more: Partial<RunSummary> = {}): RunSummary {
  if (state === 'failed') throw new Error('A failed run needs its failure.');
  const full: RunState = state === 'interrupted' ? { kind: state, goesOn: true } : { kind: state };
  return {
    dir,
    name: dir,
    state: full,
    created: 0,
    data: 'data.csv',
    target: 'y',
    model: 'LSTM 32',
    epoch: 3,
    epochs: 10,
    best: null,
    report: null,
    ...more,
  };
}

type Answers = Readonly<Record<string, (params: never) => unknown>>;

/** An engine that answers from a table and notes what it was asked. */
export function engineOf(answers: Answers): Engine & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    request: async (name, params) => {
      asked.push(name);
      const answer = answers[name];
      if (answer === undefined) throw new Error(`Nobody expected the request ${name}.`);
      return (await answer(params as never)) as never;
    },
  };
}
