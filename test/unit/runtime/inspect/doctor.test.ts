import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { Builder, int } from '../../../../extension/core/graph/builder';
import { Graph } from '../../../../extension/core/graph/graph';
import { Value } from '../../../../extension/core/graph/value';
import { ModelProtoSchema } from '../../../../extension/core/onnx/onnx_pb';
import { readModel } from '../../../../extension/core/onnx/read';
import { writeModel } from '../../../../extension/core/onnx/write';
import { floats, sizeOf } from '../../../../extension/core/tensor';
import { UnrollError } from '../../../../extension/protocol/errors';
import { readInputs } from '../../../../extension/runtime/inspect/caseFile';
import { examineFile, repairFile } from '../../../../extension/runtime/inspect/doctor';
import { run } from '../../../support/session';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { readCase } from '../../../trace/traceCase';

const fixtures = path.resolve('test/fixtures/onnx');
const inputsOf = (name: string) => readInputs(path.join(fixtures, `${name}.case.json`));

/** That a file gives what the source of a case computed, by onnxruntime alone. */
async function assertRuns(file: string, name: string): Promise<void> {
  const outputs = await run(new Uint8Array(readFileSync(file)), Object.fromEntries(inputsOf(name)));
  const expected = Object.entries(readCase(fixtures, name).outputs);
  assert.ok(expected.length > 0);
  for (const [output, { shape, data }] of expected) {
    assert.deepEqual(outputs[output]?.shape, shape);
    data.forEach((value, i) => {
      const ours = Number(outputs[output]?.data[i]);
      assert.ok(Math.abs(ours - Number(value)) < 1e-5, `${output}[${i}]: ${ours}, expected ${value}`);
    });
  }
}

describe('inspect: repaired copies', () => {
  const folder = temporaryFolder();

  for (const name of ['variant_lstm_layout', 'variant_gru_layout', 'standard_simple_rnn_batchwise']) {
    it(`turns the layout of ${name}`, async () => {
      const file = path.join(fixtures, `${name}.onnx`);
      const before = readFileSync(file);
      const out = path.join(folder.path, `${name}.onnx`);
      const { repaired, difference } = await repairFile(file, out, inputsOf(name));
      assert.deepEqual(
        repaired.map(({ code }) => code),
        ['layout'],
      );
      assert.ok(difference !== null && difference < 1e-5, String(difference));
      await assertRuns(out, name);
      assert.ok(!examineFile(out).some(({ code }) => code === 'layout'));
      assert.ok(readFileSync(file).equals(before));
    });
  }

  it('sets the reset of a GRU of PyTorch right', async () => {
    const model = fromBinary(ModelProtoSchema, readFileSync(path.join(fixtures, 'ts_gru.onnx')));
    for (const node of model.graph?.node ?? [])
      node.attribute = node.attribute.filter(({ name }) => name !== 'linear_before_reset');
    const file = folder.write('wrong.onnx', Buffer.from(toBinary(ModelProtoSchema, model)));
    const out = path.join(folder.path, 'right.onnx');
    const { repaired, difference } = await repairFile(file, out, inputsOf('ts_gru'));
    assert.deepEqual(
      repaired.map(({ code }) => code),
      ['gruReset'],
    );
    assert.ok(difference !== null && difference > 1e-3, String(difference));
    await assertRuns(out, 'ts_gru');
    assert.equal(readModel(new Uint8Array(readFileSync(out))).graph.nodes.length, model.graph?.node.length);
  });

  it('writes over nothing, and nothing where there is nothing to repair', async () => {
    const taken = folder.write('taken.onnx', 'mine');
    const refused = (code: string, file: string, out: string) =>
      assert.rejects(repairFile(file, out, null), (error) => error instanceof UnrollError && error.code === code);
    await refused('usage', path.join(fixtures, 'variant_gru_layout.onnx'), taken);
    assert.equal(readFileSync(taken, 'utf8'), 'mine');
    await refused('model', path.join(fixtures, 'ts_gru.onnx'), path.join(folder.path, 'new.onnx'));
    await refused('storage', path.join(fixtures, 'variant_gru_layout.onnx'), path.join(folder.path, 'no', 'new.onnx'));
  });

  it('compares with noise where no inputs are given', async () => {
    const out = path.join(folder.path, 'noise.onnx');
    const { difference } = await repairFile(path.join(fixtures, 'variant_gru_layout.onnx'), out, null);
    assert.ok(difference !== null && difference < 1e-5, String(difference));
    await assertRuns(out, 'variant_gru_layout');
  });

  it('computes in float32 what there is no kernel for in float64', async () => {
    const out = path.join(folder.path, 'narrow.onnx');
    const { repaired, difference } = await repairFile(path.join(fixtures, 'variant_lstm_float64.onnx'), out, null);
    assert.ok(repaired.some(({ code }) => code === 'noKernel'));
    assert.ok(difference !== null && difference < 1e-5, String(difference));
    await assertRuns(out, 'variant_lstm_float64');
  });

  it('lets states in and out, so that a sequence can be gone on with', async () => {
    const file = path.join(fixtures, 'ts_lstm.onnx');
    const out = path.join(folder.path, 'states.onnx');
    const { repaired } = await repairFile(file, out, null, ['fixedShape', 'initialState']);
    assert.ok(
      repaired.some(({ code }) => code === 'initialState'),
      JSON.stringify(repaired),
    );
    const copy = readModel(new Uint8Array(readFileSync(out))).graph;
    const states = copy.inputs.slice(1).map(({ name }) => name);
    assert.equal(states.length, 2);
    const x = inputsOf('ts_lstm').get('x') ?? [...inputsOf('ts_lstm').values()][0] ?? assert.fail();
    const [steps = 0, batch = 0, features = 0] = x.shape;
    const half = Math.floor(steps / 2);
    const piece = (from: number, to: number) => ({
      ...x,
      shape: [to - from, batch, features],
      data: x.data.slice(from * batch * features, to * batch * features),
    });
    const inputName = copy.inputs[0]?.name ?? '';
    const zero = (name: string) => {
      const shape = (copy.inputs.find((input) => input.name === name)?.type.shape ?? []).map((dim) =>
        typeof dim === 'number' ? dim : batch,
      );
      return { dtype: 'float32' as const, shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) };
    };
    const go = (part: typeof x, h: typeof x, c: typeof x) =>
      run(new Uint8Array(readFileSync(out)), { [inputName]: part, [states[0] ?? '']: h, [states[1] ?? '']: c });
    const [h0, c0] = [zero(states[0] ?? ''), zero(states[1] ?? '')];
    const whole = await go(x, h0, c0);
    const lastNames = copy.outputs.map(({ name }) => name).slice(-2);
    const first = await go(piece(0, half), h0, c0);
    const [h1, c1] = lastNames.map((name) => first[name] ?? assert.fail());
    const second = await go(piece(half, steps), h1 ?? assert.fail(), c1 ?? assert.fail());
    for (const name of lastNames) {
      for (const [i, value] of [...(whole[name]?.data ?? [])].entries()) {
        assert.ok(Math.abs(Number(value) - Number(second[name]?.data[i])) < 1e-6);
      }
    }
  });

  for (const [name, op, count] of [
    ['loop_gru_alone', 'GRU', 1],
    ['loop_gru_before', 'GRU', 1],
    ['loop_lstm_tokens', 'LSTM', 1],
    ['loop_rnn_reverse', 'RNN', 1],
    ['scan_gru_after', 'GRU', 1],
    ['scan_gru_reverse', 'GRU', 1],
    ['scan_lstm_peephole', 'LSTM', 1],
    ['scan_rnn_quantised', 'RNN', 1],
    ['scan_two_layers', 'LSTM', 2],
    ['unrolled_gru_free_batch', 'GRU', 1],
    ['unrolled_gru_reset_before', 'GRU', 1],
    ['unrolled_gru_reverse', 'GRU', 1],
    ['unrolled_lstm_joined', 'LSTM', 1],
    ['unrolled_lstm_layers', 'LSTM', 2],
    ['unrolled_lstm_states', 'LSTM', 1],
    ['unrolled_rnn_bidirectional', 'RNN', 4],
    ['unrolled_rnn_relu', 'RNN', 1],
  ] as const) {
    it(`puts the fused operator in the place of ${name}`, async () => {
      const out = path.join(folder.path, `fused_${name}.onnx`);
      const { repaired, left } = await repairFile(path.join(fixtures, `${name}.onnx`), out, null, ['disguise']);
      assert.ok(repaired.every(({ code }) => code === 'disguise'));
      assert.deepEqual(left, []);
      const { graph, proto } = readModel(new Uint8Array(readFileSync(out)));
      assert.equal(graph.nodes.filter((node) => node.op === op).length, count);
      assert.ok(!graph.nodes.some((node) => ['Scan', 'Loop', 'Sigmoid', 'Tanh', 'Relu'].includes(node.op)));
      // What only the steps read went with them.
      const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs.map((input) => input?.name)));
      assert.deepEqual(
        (proto.graph?.initializer ?? []).map((tensor) => tensor.name).filter((tensor) => !read.has(tensor)),
        [],
      );
      await assertRuns(out, name);
    });
  }

  it('turns the layout of an operator in the body of an If', async () => {
    const graph = new Graph('outer');
    const yes = graph.input('yes', { dtype: 'bool', shape: [] });
    const x = graph.input('x', { dtype: 'float32', shape: [2, 4, 3] });
    const branch = (name: string, write: (inner: Builder) => Value) => {
      const body = new Graph(name, graph.names);
      body.outputs.push(write(new Builder(body)));
      return { kind: 'graph', value: body } as const;
    };
    const weights = (...shape: number[]) =>
      floats(
        'float32',
        shape,
        Array.from({ length: sizeOf(shape) }, (_, i) => Math.cos(i)),
      );
    const withLayout = (layout: number) => (inner: Builder) => {
      const [W, R] = [weights(1, 8, 3), weights(1, 8, 2)].map((tensor) => inner.graph.initializer('w', tensor));
      const attributes = { hidden_size: int(2), layout: int(layout) };
      const [Y] = inner.apply(
        'LSTM',
        [layout === 1 ? x : inner.transpose(x, [1, 0, 2]), W ?? null, R ?? null],
        attributes,
      );
      return layout === 1 ? (Y ?? assert.fail()) : inner.transpose(Y ?? assert.fail(), [2, 0, 1, 3]);
    };
    const y = new Value(graph.names.claim('y'), { dtype: 'float32', shape: [2, 4, 1, 2] });
    const attributes = { then_branch: branch('then', withLayout(1)), else_branch: branch('else', withLayout(0)) };
    graph.nodes.push({ op: 'If', domain: '', name: 'choice', inputs: [yes], outputs: [y], attributes });
    graph.outputs.push(y);
    const file = folder.write('choice.onnx', Buffer.from(writeModel(graph)));
    const out = path.join(folder.path, 'turned_choice.onnx');
    const { repaired } = await repairFile(file, out, null);
    assert.deepEqual(
      repaired.map(({ code }) => code),
      ['layout'],
    );
    const data = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i));
    const go = (flag: number) =>
      run(new Uint8Array(readFileSync(out)), {
        x: { dtype: 'float32', shape: [2, 4, 3], data },
        yes: { dtype: 'bool', shape: [], data: Uint8Array.of(flag) },
      });
    // Both branches are the same layer, one written with each layout.
    assert.deepEqual((await go(1))['y']?.data, (await go(0))['y']?.data);
  });

  it('turns the update gate of a GRU round where it says how much is new', async () => {
    const [steps, batch, input, hidden] = [4, 2, 3, 5];
    const graph = new Graph('turned');
    const b = new Builder(graph);
    const weights = (rows: number, columns: number, phase: number) =>
      b.constant(
        floats(
          'float32',
          [rows, columns],
          Array.from({ length: rows * columns }, (_, i) => Math.sin(1.7 * i + phase)),
        ),
      );
    const x = graph.input('x', { dtype: 'float32', shape: [steps, batch, input] });
    const h0 = graph.input('h0', { dtype: 'float32', shape: [batch, hidden] });
    const { outputs } = b.scan([h0], [x], false, (inner, [h = assert.fail()], [now = assert.fail()]) => {
      const sum = (phase: number) =>
        inner.add(inner.matMul(now, weights(input, hidden, phase)), weights(1, hidden, phase + 1));
      const [z, r] = [2, 5].map((phase) =>
        inner.sigmoid(inner.add(sum(phase), inner.matMul(h, weights(hidden, hidden, phase + 2)))),
      );
      if (!z || !r) return assert.fail();
      const n = inner.tanh(inner.add(sum(9), inner.matMul(inner.mul(r, h), weights(hidden, hidden, 11))));
      const kept = inner.mul(inner.sub(inner.scalarLike(z, 1), z), h);
      const next = inner.add(kept, inner.mul(z, n));
      return { states: [next], outputs: [next] };
    });
    b.output('y', outputs[0] ?? assert.fail());
    const file = folder.write('turned.onnx', Buffer.from(writeModel(graph)));
    const out = path.join(folder.path, 'kept.onnx');
    const { difference } = await repairFile(file, out, null, ['disguise']);
    assert.ok(difference !== null && difference < 1e-6, String(difference));
    assert.ok(readModel(new Uint8Array(readFileSync(out))).graph.nodes.some(({ op }) => op === 'GRU'));
  });

  it('frees the length that an exporter wrote down, where the copy then runs at another', async () => {
    const graph = new Graph('frozen');
    const b = new Builder(graph);
    const x = graph.input('x', { dtype: 'float32', shape: ['steps', 1, 2] });
    const weights = (...shape: number[]) =>
      b.constant(
        floats(
          'float32',
          shape,
          Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i)),
        ),
      );
    const [Y] = b.apply('RNN', [x, weights(1, 3, 2), weights(1, 3, 3)], { hidden_size: { kind: 'int', value: 3 } });
    b.output('y', b.reshape(Y ?? assert.fail(), [7, 1, 3]));
    const file = folder.write('frozen.onnx', Buffer.from(writeModel(graph)));
    const out = path.join(folder.path, 'free.onnx');
    const { repaired, difference } = await repairFile(file, out, null);
    assert.ok(
      repaired.some(({ code }) => code === 'frozenAxis'),
      JSON.stringify(repaired),
    );
    assert.equal(difference, 0);
    assert.ok(!examineFile(out).some(({ code }) => code === 'frozenAxis'));
  });
});
