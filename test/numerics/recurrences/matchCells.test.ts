import assert from 'node:assert/strict';
import type { Cell } from '../../../extension/core/cells/cell';
import { cellParameters, type ParameterName } from '../../../extension/core/cells/parameters';
import { recurrence } from '../../../extension/core/cells/recurrence';
import { cells } from '../../../extension/core/cells/table';
import { Builder } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import type { Value } from '../../../extension/core/graph/value';
import { at } from '../../../extension/core/ops/arguments';
import { RandomStream, streams } from '../../../extension/core/random';
import { readLoopBody } from '../../../extension/core/recurrences/body/loopBody';
import { stepGraphOf } from '../../../extension/core/recurrences/body/stepGraph';
import { findRecurrences } from '../../../extension/core/recurrences/findRecurrences';
import type { MatchedCell } from '../../../extension/core/recurrences/match/contract';
import { matchCells } from '../../../extension/core/recurrences/match/matchCells';
import { constantsOf } from '../../../extension/core/recurrences/numeric/constants';
import { floats, type Tensor, toNumbers } from '../../../extension/core/tensor';

const [steps, batch, input] = [4, 3, 2];

/** The cells that are found in the bodies of all Scans of a graph. */
function matched(graph: Graph): readonly MatchedCell[] {
  const constants = constantsOf(graph);
  return graph.nodes.flatMap((node) => {
    const loop = readLoopBody(node);
    return loop === null ? [] : matchCells(stepGraphOf(loop, constants));
  });
}

/** A Scan over x [steps, batch, input] that carries `states` [batch, hidden] each. */
function scanned(hidden: number, states: number, step: (b: Builder, x: Value, states: Value[]) => Value[]): Graph {
  const graph = new Graph('scan');
  const b = new Builder(graph);
  const x = graph.input('x', { dtype: 'float32', shape: [steps, 'batch', input] });
  const initial = Array.from({ length: states }, (_, i) =>
    graph.input(`s${i}`, { dtype: 'float32', shape: ['batch', hidden] }),
  );
  const done = b.scan(initial, [x], false, (inner, before, [read]) => {
    assert.ok(read !== undefined);
    return { states: step(inner, read, before), outputs: [] };
  });
  for (const [i, state] of done.states.entries()) b.output(`last${i}`, state);
  return graph;
}

const random = new RandomStream(11, streams.input, 0);
const draw = (shape: readonly number[]): Tensor =>
  floats(
    'float32',
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
  );

/** A cell of the table as our own writer puts it into a Scan, which is nothing like what it is told by. */
function written(cell: Cell, hidden: number, reverse: boolean) {
  const graph = new Graph('cell');
  const b = new Builder(graph);
  const x = graph.input('x', { dtype: 'float32', shape: [steps, input, batch] });
  const parameters = new Map<ParameterName, Tensor>();
  for (const { name, shape } of cellParameters(cell, input, hidden)) parameters.set(name, draw(shape));
  const values = Object.fromEntries([...parameters].map(([name, tensor]) => [name, b.constant(tensor, name)]));
  const initial = cell.states.map((state) => graph.input(state, { dtype: 'float32', shape: [hidden, batch] }));
  const { finals } = recurrence(b, {
    cell,
    hidden,
    parameters: values,
    x,
    initial,
    reverse,
    signals: [],
    form: 'step',
  });
  for (const [i, value] of finals.entries()) b.output(`last${i}`, value);
  return { graph, parameters };
}

/** The sum of both biases of each gate, which is all that can be told of them where nothing stands between. */
const biases = (of: (name: ParameterName) => readonly number[] | null) =>
  (of('Wb') ?? []).map((value, i) => value + (of('Rb')?.[i] ?? 0));

function near(ours: readonly number[], theirs: readonly number[], what: string) {
  assert.equal(ours.length, theirs.length, what);
  ours.forEach((value, i) => {
    assert.ok(Math.abs(value - (theirs[i] ?? Number.NaN)) < 1e-5, `${what}: ${value} at ${i}, not ${theirs[i]}`);
  });
}

describe('recurrences: cells told by what a step computes', () => {
  for (const name of [
    'rnn',
    'rnnRelu',
    'rnnSigmoid',
    'lstm',
    'lstmPeephole',
    'lstmCoupled',
    'gru',
    'gruResetBefore',
  ] as const) {
    for (const hidden of [2, 5]) {
      it(`gives back the weights of ${name} with ${hidden} units`, () => {
        const cell = cells[name];
        const { graph, parameters } = written(cell, hidden, hidden === 5);
        const [found, ...more] = matched(graph);
        assert.ok(found !== undefined);
        assert.deepEqual([found.cell.title, found.hidden, more], [cell.title, hidden, []]);
        // What the writer computes of x for all steps at once reaches the body as more columns, the ones that biases multiply too.
        assert.ok(found.input >= input);
        const ours = (wanted: ParameterName) => (found.parameters[wanted] ? toNumbers(found.parameters[wanted]) : null);
        const theirs = (wanted: ParameterName) => {
          const tensor = parameters.get(wanted);
          return tensor ? toNumbers(tensor) : null;
        };
        near(ours('R') ?? [], theirs('R') ?? [], 'R');
        near(ours('P') ?? [], theirs('P') ?? [], 'P');
        if (found.input === input && !name.startsWith('gru')) {
          near(ours('W') ?? [], theirs('W') ?? [], 'W');
          near(biases(ours), biases(theirs), 'biases');
        }
      });
    }
  }

  it('takes a sum over time for no linear network, and a leaky one neither', () => {
    const sum = scanned(input, 1, (b, x, [h]) => [b.add(at([h], 0) as Value, x)]);
    const leaky = scanned(input, 1, (b, x, [h]) => [b.add(b.mul(at([h], 0) as Value, b.scalarLike(x, 0.9)), x)]);
    assert.deepEqual([matched(sum), matched(leaky)], [[], []]);
    assert.deepEqual(
      findRecurrences(sum).map(({ op, gates, realisation }) => [op, gates, realisation]),
      [['Scan', [], 'scan']],
    );
  });

  it('takes no network for recurrent that only looks at its input', () => {
    const W = draw([input, 4]);
    assert.deepEqual(matched(scanned(4, 1, (b, x) => [b.tanh(b.matMul(x, b.constant(W)))])), []);
  });

  it('finds no cell where a gate sees the whole cell state, or its own output', () => {
    const [W, R, C] = [draw([input, 16]), draw([4, 16]), draw([4, 16])];
    const graph = scanned(4, 2, (b, x, states) => {
      const [h, c] = [at(states, 0), at(states, 1)];
      const sums = b.add(b.add(b.matMul(x, b.constant(W)), b.matMul(h, b.constant(R))), b.matMul(c, b.constant(C)));
      const [i, o, f, g] = b.split(sums, [4, 4, 4, 4], 1) as [Value, Value, Value, Value];
      const next = b.add(b.mul(b.sigmoid(f), c), b.mul(b.sigmoid(i), b.tanh(g)));
      return [b.mul(b.sigmoid(o), b.tanh(next)), next];
    });
    assert.deepEqual(matched(graph), []);
    assert.equal(findRecurrences(graph)[0]?.op, 'Scan');
  });

  it('finds a cell beside states that belong to none', () => {
    const [W, R] = [draw([input, 4]), draw([4, 4])];
    const graph = scanned(4, 2, (b, x, states) => {
      const h = b.tanh(b.add(b.matMul(x, b.constant(W)), b.matMul(at(states, 0), b.constant(R))));
      return [h, b.max(at(states, 1), h)];
    });
    const [found, ...more] = matched(graph);
    assert.deepEqual([found?.cell.title, found?.stateOrder, more], ['RNN (tanh)', [0], []]);
  });

  it('gives up in time on a body that is nothing but activations', () => {
    const R = draw([4, 4]);
    const graph = scanned(4, 2, (b, _, states) => {
      let [h, c] = [at(states, 0), at(states, 1)];
      for (let k = 0; k < 300; k++) [h, c] = [b.tanh(b.add(c, b.matMul(h, b.constant(R)))), b.sigmoid(b.mul(h, c))];
      return [h, c];
    });
    const start = performance.now();
    assert.deepEqual(matched(graph), []);
    assert.ok(performance.now() - start < 20_000);
  });
});
