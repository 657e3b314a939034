import assert from 'node:assert/strict';
import { Builder } from '../../../../../extension/core/graph/builder';
import { Graph } from '../../../../../extension/core/graph/graph';
import type { Value } from '../../../../../extension/core/graph/value';
import { findUnrolled } from '../../../../../extension/core/recurrences/unrolled/findUnrolled';
import { type UnrolledWriter, unrolledGraph, unrolledLstm, unrolledRnn } from '../../../../support/unrolledGraphs';

const sizes = { steps: 6, batch: 2, input: 3 };
const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const read = (writer: UnrolledWriter, steps = sizes.steps) => range(steps).map((step) => writer.read(step));

/** What is found, in one line each. */
const found = (graph: Graph) =>
  findUnrolled(graph).map(
    ({ title, hidden, input, direction, rolled }) =>
      `${title} ${hidden} of ${input}, ${direction}, ${rolled.repeated.steps.length} steps`,
  );

describe('recurrences whose steps stand one after the other', () => {
  it('are found where the first step was worked out from zeros', () => {
    const graph = unrolledGraph(sizes, (writer) => {
      writer.collect('h', unrolledRnn(writer, read(writer), 4));
    });
    assert.deepEqual(found(graph), ['RNN (tanh) 4 of 3, forward, 6 steps']);
    const [rnn] = findUnrolled(graph);
    assert.equal(rnn?.rolled.repeated.initial, null);
    assert.deepEqual(
      rnn?.reads.map(({ value, kind, steps, batch }) => [value.name, kind, steps, batch]),
      [['x', 'values', 0, 1]],
    );
    assert.equal(rnn?.parameters, 4 * 3 + 4 * 4);
  });

  it('carry as many states as they have', () => {
    const graph = unrolledGraph(sizes, (writer) => {
      writer.collect('h', unrolledLstm(writer, read(writer), 4));
    });
    assert.deepEqual(found(graph), ['LSTM 4 of 3, forward, 6 steps']);
  });

  it('read a sequence back to front', () => {
    const graph = unrolledGraph(sizes, (writer) => {
      writer.collect('h', unrolledLstm(writer, read(writer).reverse(), 4));
    });
    assert.deepEqual(found(graph), ['LSTM 4 of 3, reverse, 6 steps']);
  });

  it('read the steps of the recurrence below, and are told apart from it', () => {
    const graph = unrolledGraph(sizes, (writer) => {
      writer.collect('h', unrolledLstm(writer, unrolledRnn(writer, read(writer), 4), 5));
    });
    assert.deepEqual(found(graph), ['RNN (tanh) 4 of 3, forward, 6 steps', 'LSTM 5 of 4, forward, 6 steps']);
    const [below, above] = findUnrolled(graph);
    assert.deepEqual(
      [...(below?.nodes ?? [])].filter((node) => above?.nodes.has(node)),
      [],
    );
  });

  it('take what a sequence is multiplied by as a whole for part of the step', () => {
    const graph = unrolledGraph(sizes, (writer) => {
      const { b, x, weights, collect } = writer;
      const [W, R, bias] = [weights(3, 4), weights(4, 4), weights(1, 4)];
      const projected = b.add(b.matMul(x, W), b.reshape(bias, [4]));
      let h: Value = b.zeros('float32', [2, 4]);
      const hs = range(6).map((step) => {
        const here = b.squeeze(b.slice(projected, step, step + 1, 0), [0]);
        h = b.relu(b.add(b.matMul(h, R), here));
        return h;
      });
      collect('h', hs);
    });
    assert.deepEqual(found(graph), ['RNN (relu) 4 of 3, forward, 6 steps']);
    const [rnn] = findUnrolled(graph);
    assert.ok(graph.nodes.filter(({ op }) => op === 'MatMul').every((node) => rnn?.nodes.has(node)));
  });

  it('are found where their step is no known cell, each signal called what it is', () => {
    const graph = unrolledGraph(sizes, (writer) => {
      const { b, weights, collect } = writer;
      const [W, R, G] = [weights(3, 4), weights(4, 4), weights(4, 4)];
      let h: Value = b.zeros('float32', [2, 4]);
      const hs = read(writer).map((x) => {
        const inner = b.tanh(b.add(b.matMul(x, W), b.matMul(h, R)));
        h = b.add(h, b.mul(b.sigmoid(b.matMul(inner, G)), b.exp(b.neg(inner))));
        return h;
      });
      collect('h', hs);
    });
    assert.deepEqual(found(graph), ['Recurrence 4 of 3, forward, 6 steps']);
    const b = new Builder(graph);
    const [layer] = findUnrolled(graph)[0]?.trace(b) ?? [];
    assert.deepEqual(
      layer?.signals.map(({ name, range }) => [name, range]),
      [
        ['h', 'signed'],
        ['tanh', 'signed'],
        ['sigmoid', 'gate'],
      ],
    );
    assert.deepEqual(layer?.states, ['h']);
  });

  it('are found from three steps on', () => {
    for (const steps of [2, 3, 4]) {
      const graph = unrolledGraph({ ...sizes, steps }, (writer) => {
        writer.collect('h', unrolledLstm(writer, read(writer, steps), 4));
      });
      assert.deepEqual(found(graph), steps === 2 ? [] : [`LSTM 4 of 3, forward, ${steps} steps`]);
    }
  });

  it('begin with what a file says, also where the first product was worked out', () => {
    const graph = unrolledGraph(sizes, (writer) => {
      const { b, weights, collect } = writer;
      const [W, R, start, product] = [weights(3, 4), weights(4, 4), weights(2, 4), weights(2, 4)];
      let h: Value = start;
      const hs = read(writer).map((x, step) => {
        const sum = b.add(step === 0 ? product : b.matMul(h, R), b.matMul(x, W));
        const gate = b.sigmoid(sum);
        h = b.add(b.mul(gate, h), b.tanh(sum));
        return h;
      });
      collect('h', hs);
    });
    const [layer] = findUnrolled(graph);
    assert.equal(layer?.rolled.repeated.steps.length, 6);
    assert.deepEqual(
      layer?.rolled.repeated.initial?.map(({ value }) => value.type.shape),
      [[2, 4]],
    );
  });

  it('are found where no weights multiply their state', () => {
    const graph = unrolledGraph(sizes, (writer) => {
      const { b, weights, collect } = writer;
      const [Z, N] = [weights(3, 4), weights(3, 4)];
      let h: Value = b.zeros('float32', [2, 4]);
      const hs = read(writer).map((x) => {
        const z = b.sigmoid(b.matMul(x, Z));
        h = b.add(b.mul(b.sub(b.scalar('float32', 1), z), h), b.mul(z, b.matMul(x, N)));
        return h;
      });
      collect('h', hs);
    });
    assert.deepEqual(
      findUnrolled(graph).map(({ title, rolled }) => [title, rolled.repeated.steps.length]),
      [['Recurrence', 6]],
    );
  });

  it('keep a state where a mask says so', () => {
    const graph = unrolledGraph(sizes, (writer) => {
      const { b, weights, collect } = writer;
      const [W, R] = [weights(3, 4), weights(4, 4)];
      const real = b.graph.input('real', { dtype: 'bool', shape: [6, 2, 4] });
      let h: Value = b.zeros('float32', [2, 4]);
      const hs = read(writer).map((x, step) => {
        const next = b.tanh(b.add(b.matMul(x, W), b.matMul(h, R)));
        h = b.where(b.squeeze(b.slice(real, step, step + 1, 0), [0]), next, h);
        return h;
      });
      collect('h', hs);
    });
    const [layer] = findUnrolled(graph);
    assert.equal(layer?.rolled.repeated.steps.length, 6);
    assert.equal(layer?.rolled.repeated.pattern.after.length, 1);
    assert.equal(layer?.rolled.repeated.pattern.after[0]?.node?.op, 'Where');
  });

  it('consist of the nodes of all their steps', () => {
    const graph = unrolledGraph(sizes, (writer) => {
      writer.collect('h', unrolledRnn(writer, read(writer), 4));
    });
    const [rnn] = findUnrolled(graph);
    assert.equal(rnn?.nodes.size, graph.nodes.length);
  });

  it('are looked for in time that grows with the graph', () => {
    const time = (steps: number) => {
      const graph = unrolledGraph({ ...sizes, steps }, (writer) => {
        writer.collect('h', unrolledLstm(writer, read(writer, steps), 4));
      });
      const start = performance.now();
      assert.deepEqual(found(graph), [`LSTM 4 of 3, forward, ${steps} steps`]);
      return performance.now() - start;
    };
    time(100);
    const [few, many] = [Math.min(time(100), time(100)), time(400)];
    // Four times the graph; sixteen times the work would be a walk for every node.
    assert.ok(many < 10 * few, `${many} ms for 400 steps, ${few} ms for 100`);
  });
});

describe('what repeats and is no recurrence', () => {
  const none = (write: (writer: UnrolledWriter) => void) => assert.deepEqual(found(unrolledGraph(sizes, write)), []);
  /** Layers one on the other, each made by `layer`. */
  const layers = (writer: UnrolledWriter, layer: (value: Value) => Value) => {
    let value = writer.b.reshape(writer.x, [6, 2, 3]);
    for (let i = 0; i < 8; i++) value = layer(value);
    writer.b.output('y', value);
  };

  it('has layers with weights of their own', () => {
    none((writer) => {
      const { b, weights } = writer;
      layers(writer, (value) => b.relu(b.matMul(value, weights(3, 3))));
    });
  });

  it('has layers of equal weights and residues, which read nothing on the way', () => {
    none((writer) => {
      const { b, weights } = writer;
      const [A, B] = [weights(3, 5), weights(5, 3)];
      layers(writer, (value) => b.add(value, b.matMul(b.relu(b.matMul(value, A)), B)));
    });
  });

  it('has layers of equal weights that attend to one another', () => {
    none((writer) => {
      const { b, weights } = writer;
      const [Q, K, V] = [weights(3, 3), weights(3, 3), weights(3, 3)];
      layers(writer, (value) => {
        const scores = b.matMul(b.matMul(value, Q), b.transpose(b.matMul(value, K), [0, 2, 1]));
        return b.add(value, b.matMul(b.softmax(scores, 2), b.matMul(value, V)));
      });
    });
  });

  it('has one layer for every step', () => {
    none((writer) => {
      const { b, weights, collect } = writer;
      const W = weights(3, 4);
      collect(
        'y',
        read(writer).map((x) => b.tanh(b.matMul(x, W))),
      );
    });
  });

  it('is found in no small graph', () => {
    assert.deepEqual(findUnrolled(new Graph('empty')), []);
  });
});
