import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { examineModel } from '../../../../extension/core/doctor/examineModel';
import { Builder, int } from '../../../../extension/core/graph/builder';
import { Graph } from '../../../../extension/core/graph/graph';
import { Value } from '../../../../extension/core/graph/value';
import { exportModel } from '../../../../extension/core/model/exportModel';
import { initialParameters } from '../../../../extension/core/model/parameters';
import {
  type ModelProto,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorShapeProto_DimensionSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from '../../../../extension/core/onnx/onnx_pb';
import { readModel, readOutline } from '../../../../extension/core/onnx/read';
import { writeModel } from '../../../../extension/core/onnx/write';
import { floats, sizeOf, type Tensor } from '../../../../extension/core/tensor';
import { format } from '../../../../extension/protocol/messages';
import { CountedSource } from '../../../support/countedSource';
import { layerOf, specOf } from '../../../support/specs';

const fixture = (name: string) => new Uint8Array(readFileSync(path.resolve('test/fixtures/onnx', `${name}.onnx`)));
const surroundings = (place: 'there' | 'missing' | 'outside') => ({ placeOf: () => place, axesOf: () => [] });
const examine = (bytes: Uint8Array) => examineModel(readModel(bytes), surroundings('there'));
const codes = (bytes: Uint8Array) => examine(bytes).map(({ code }) => code);

function changed(name: string, change: (model: ModelProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, fixture(name));
  change(model);
  return toBinary(ModelProtoSchema, model);
}

/** A model that reshapes [steps, batch, 2, 3] to `target`. */
function reshaping(
  target: readonly number[],
  dims: readonly (number | string)[] = ['steps', 'batch', 2, 3],
): Uint8Array {
  const graph = new Graph('reshaping');
  const b = new Builder(graph);
  const x = graph.input('x', { dtype: 'float32', shape: dims });
  b.output('y', b.reshape(x, target));
  return writeModel(graph);
}

/** A Reshape to a shape that other nodes work out. */
function reshapedBy(graph: Graph, x: Value, target: Value, name: string, rank: number): Value {
  const shape = Array.from({ length: rank }, (_, axis) => `${name}_${axis}`);
  const output = new Value(graph.names.claim(name), { dtype: 'float32', shape });
  graph.nodes.push({ op: 'Reshape', domain: '', name, inputs: [x, target], outputs: [output], attributes: {} });
  return output;
}

describe('doctor: what is found', () => {
  it('a layout that onnxruntime refuses', () => {
    const [finding] = examine(fixture('variant_gru_layout'));
    assert.equal(finding?.code, 'layout');
    assert.equal(finding.node, 'layer');
    assert.equal(finding.repairable, true);
    assert.match(format(finding.what), /^The GRU node "layer" has layout=1/);
    assert.ok(!codes(fixture('variant_lstm_clip')).includes('layout'));
  });

  it('a GRU of PyTorch that resets before its product, and no other', () => {
    const without = (producer: string) =>
      changed('ts_gru', (model) => {
        model.producerName = producer;
        for (const node of model.graph?.node ?? [])
          node.attribute = node.attribute.filter(({ name }) => name !== 'linear_before_reset');
      });
    assert.ok(codes(without('pytorch')).includes('gruReset'));
    assert.ok(!codes(without('keras')).includes('gruReset'));
    assert.ok(!codes(fixture('ts_gru')).includes('gruReset'));
  });

  it('an operator without a kernel', () => {
    assert.ok(codes(fixture('variant_lstm_float64')).includes('noKernel'));
    assert.ok(!codes(fixture('variant_lstm_float16')).includes('noKernel'));
  });

  it('a recurrence that always starts anew', () => {
    assert.ok(codes(fixture('ts_lstm')).includes('initialState'));
    const given = changed('ts_lstm', ({ graph }) => {
      const [first] = graph?.input ?? [];
      const node = graph?.node.find(({ opType }) => opType === 'LSTM');
      if (graph === undefined || first === undefined || node === undefined) return assert.fail();
      node.input = [...node.input.slice(0, 5), 'h0', 'c0'];
      graph.input.push({ ...first, name: 'h0' }, { ...first, name: 'c0' });
    });
    assert.ok(!codes(given).includes('initialState'));
  });

  for (const [target, dims, frozen] of [
    [[10, -1, 6], undefined, true],
    [[10, 4, 6], undefined, true],
    [[0, 0, 6], undefined, false],
    [[0, -1, 6], undefined, false],
    [[-1, 6], undefined, false],
    [[-1, 2], undefined, false],
    [[5, -1], undefined, true],
    [[7, 2, 6], [7, 2, 2, 3], false],
  ] as const) {
    it(`${frozen ? 'an' : 'no'} axis frozen by a Reshape of [${dims ?? 'steps, batch, 2, 3'}] to [${target}]`, () =>
      assert.equal(codes(reshaping(target, dims)).includes('frozenAxis'), frozen));
  }

  it('a cell in disguise, with its units, and none in a body that is no cell', () => {
    const found = (name: string) => examine(fixture(name)).filter(({ code }) => code === 'disguise');
    const [loop, ...others] = found('loop_gru_before');
    assert.equal(others.length, 0);
    assert.match(
      format(loop?.what ?? assert.fail()),
      /^The Loop "loop" is a recurrence in disguise: GRU.* with \d+ units\.$/,
    );
    assert.deepEqual([loop?.isFault, loop?.repairable], [false, true]);
    assert.match(format(found('unrolled_lstm_states')[0]?.what ?? assert.fail()), /^Plain operators, step after step/);
    for (const name of ['scan_own_cell', 'loop_running', 'standard_scan_sum', 'ts_lstm'])
      assert.deepEqual(found(name), []);
  });

  it('inputs of one length or one batch only', () => {
    const axes = [[0, 'steps'] as const, [1, 'batch'] as const];
    const found = (...free: readonly number[]) => {
      const bytes = changed('variant_lstm_clip', (model) => {
        for (const axis of free) {
          const dim = model.graph?.input[0]?.type?.tensorType?.shape?.dim[axis];
          if (dim !== undefined) dim.value = { case: 'dimParam', value: 'any' };
        }
      });
      const findings = examineModel(readModel(bytes), { ...surroundings('there'), axesOf: () => axes });
      return findings.some(({ code }) => code === 'fixedShape');
    };
    assert.deepEqual([found(), found(0), found(1), found(0, 1)], [true, true, true, false]);
  });

  it('an inner value whose declared shape its node contradicts', () => {
    const declare = (...dims: number[]) =>
      changed('ts_bilstm2_head', (model) => {
        const { graph } = model;
        const made = graph?.node.find(({ opType }) => opType === 'Transpose')?.output[0] ?? '';
        const sizes = dims.map((size) =>
          create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(size) } }),
        );
        const type = create(TypeProtoSchema, { tensorType: { elemType: 1, shape: { dim: sizes } } });
        if (graph) graph.valueInfo = [create(ValueInfoProtoSchema, { name: made, type })];
      });
    const [, steps, features] = [0, 5, 4];
    assert.ok(codes(declare(steps + 1, 1, features + 3)).includes('declaredShape'));
    assert.ok(!codes(fixture('ts_bilstm2_head')).includes('declaredShape'));
  });

  it('an axis frozen by a Reshape whose shape is worked out', () => {
    const frozen = (known: readonly number[], ...dims: (number | string)[]) => {
      const graph = new Graph('worked out');
      const b = new Builder(graph);
      const x = graph.input('x', { dtype: 'float32', shape: dims });
      const [shape] = b.apply('Shape', [x]);
      const last = b.slice(shape ?? assert.fail(), 2, 3, 0);
      b.output('y', reshapedBy(graph, x, b.concat([b.int64s(known), b.mul(last, b.int64s([2]))], 0), 'flat', 3));
      return examine(writeModel(graph)).filter(({ code }) => code === 'frozenAxis');
    };
    assert.match(
      format(frozen([10, 4], 'time', 4, 3, 2)[0]?.what ?? assert.fail()),
      /makes \[10, 4, 6\] of \[time, 4, 3, 2\]/,
    );
    assert.deepEqual(frozen([-1, 4], 'time', 4, 3, 2), []);
    assert.deepEqual(frozen([7, 4], 7, 4, 3, 2), []);
  });

  it('a declared shape that only a computed Reshape contradicts', () => {
    const graph = new Graph('traced');
    const b = new Builder(graph);
    const x = graph.input('x', { dtype: 'float32', shape: ['time', 1, 2, 6] });
    const shape = b.apply('Shape', [x])[0] ?? assert.fail();
    const part = (axis: number) => b.slice(shape, axis, axis + 1, 0);
    const target = b.concat([part(0), part(1), b.mul(part(2), part(3))], 0);
    b.output('y', b.tanh(reshapedBy(graph, x, target, 'flat', 3)));
    const declare = (...dims: (number | string)[]) => {
      const model = fromBinary(ModelProtoSchema, writeModel(graph));
      const dim = dims.map((size) =>
        create(TensorShapeProto_DimensionSchema, {
          value:
            typeof size === 'number' ? { case: 'dimValue', value: BigInt(size) } : { case: 'dimParam', value: size },
        }),
      );
      const type = create(TypeProtoSchema, { tensorType: { elemType: 1, shape: { dim } } });
      if (model.graph) model.graph.valueInfo = [create(ValueInfoProtoSchema, { name: 'flat', type })];
      return examine(toBinary(ModelProtoSchema, model)).filter(({ code }) => code === 'declaredShape');
    };
    const [finding] = declare(11, 1, 12);
    assert.match(
      format(finding?.what ?? assert.fail()),
      /says that flat is \[11, 1, 12\], but its node gives \[time, 1, 12\]/,
    );
    assert.equal(finding?.repairable, true);
    assert.deepEqual(declare('time', 1, 12), []);
  });

  it('a projection, which the operator does not have', () => {
    const projected = changed('variant_lstm_clip', (model) => {
      const cell = model.graph?.initializer.find(({ name }) => name === 'c0');
      if (cell === undefined) return;
      cell.dims = cell.dims.map((size, axis) => (axis === 2 ? 2n * size : size));
      cell.rawData = new Uint8Array([...cell.rawData, ...cell.rawData]);
    });
    const found = examine(projected).find(({ code }) => code === 'projection');
    assert.match(format(found?.what ?? assert.fail()), /trained with a projection/);
    assert.equal(found?.repairable, false);
    assert.ok(!codes(fixture('variant_lstm_clip')).includes('projection'));
    // A copy that is repaired otherwise could not run either.
    assert.deepEqual(codes(projected), ['projection']);
  });

  it('nothing in models of ours, with states where they stream and without', () => {
    const layers = [layerOf('lstm', 3), layerOf('rnn', 2)];
    for (const spec of [
      specOf(),
      specOf({ layers: layers.map((layer) => ({ ...layer, bidirectional: true })) }),
      specOf({ target: 'classes', pooling: 'every', outputs: 4, targets: 4, layers }),
      specOf({ layers: [layerOf('mgu', 3)] }),
    ]) {
      assert.deepEqual(codes(exportModel(spec, initialParameters(spec, 1), {})), []);
    }
  });

  it('no initial state to be given where a layer reads backwards', () => {
    assert.ok(!codes(fixture('hand_rnn_reverse')).includes('initialState'));
    assert.ok(!codes(fixture('ts_bilstm2_head')).includes('initialState'));
  });

  it('weights that are missing or lie outside the folder, once a file', () => {
    const apart = changed('ts_lstm', (model) => {
      for (const tensor of model.graph?.initializer ?? []) {
        tensor.rawData = new Uint8Array(0);
        tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
        tensor.externalData = [create(StringStringEntryProtoSchema, { key: 'location', value: 'weights.data' })];
      }
    });
    for (const [place, sentence] of [
      ['missing', /^Weights lie in weights\.data, which is not there\.$/],
      ['outside', /^Weights lie in weights\.data, outside the folder of the model\.$/],
    ] as const) {
      const found = examineModel(readModel(apart), surroundings(place)).filter(({ code }) => code === 'externalData');
      assert.equal(found.length, 1);
      assert.match(format(found[0]?.what ?? assert.fail()), sentence);
    }
    assert.ok(!codes(apart).includes('externalData'));
  });

  it('weights of more than one precision', () => {
    const mixed = (second: Tensor) => {
      const graph = new Graph('mixed');
      const b = new Builder(graph);
      const x = graph.input('x', { dtype: 'float32', shape: [2] });
      const first = graph.initializer('a', { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) });
      b.output('y', b.add(b.add(x, first), b.cast(graph.initializer('b', second), 'float32')));
      return writeModel(graph);
    };
    const found = examine(mixed({ dtype: 'float64', shape: [2], data: Float64Array.of(3, 4) }));
    assert.deepEqual(
      found.map(({ what }) => format(what)),
      ['The weights are of more than one precision: float32 2, float64 2 numbers.'],
    );
    assert.deepEqual(examine(mixed({ dtype: 'float32', shape: [2], data: Float32Array.of(3, 4) })), []);
  });

  it('the same without reading the weights', function () {
    this.timeout(120_000);
    const folder = path.resolve('test/fixtures/onnx');
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.onnx'))) {
      const bytes = new Uint8Array(readFileSync(path.join(folder, name)));
      const found = examineModel(readOutline(new CountedSource(bytes), 64), surroundings('there'));
      assert.deepEqual(found, examine(bytes), name);
    }
    const graph = new Graph('large');
    const b = new Builder(graph);
    const x = graph.input('x', { dtype: 'float32', shape: ['time', 1, 500] });
    const weights = (...shape: number[]) => b.constant(floats('float32', shape, new Float32Array(sizeOf(shape))));
    b.output(
      'y',
      b.apply('RNN', [x, weights(1, 500, 500), weights(1, 500, 500)], { hidden_size: int(500) })[0] ?? assert.fail(),
    );
    const source = new CountedSource(writeModel(graph));
    examineModel(readOutline(source), surroundings('there'));
    assert.ok(source.count < 100_000, `${source.count} bytes`);
  });
});
