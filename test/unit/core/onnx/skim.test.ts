import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describeOutline } from '../../../../extension/core/describe/describeModel';
import { bodiesOf, type Graph } from '../../../../extension/core/graph/graph';
import { sourceOf } from '../../../../extension/core/onnx/byteSource';
import {
  AttributeProto_AttributeType,
  type GraphProto,
  ModelProtoSchema,
  type TensorProto,
} from '../../../../extension/core/onnx/onnx_pb';
import { readModel, readOutline } from '../../../../extension/core/onnx/read';
import { toNumbers } from '../../../../extension/core/tensor';
import { format } from '../../../../extension/protocol/messages';
import { CountedSource } from '../../../support/countedSource';

const folder = path.resolve('test/fixtures/onnx');
const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith('.onnx'))
  .map((name) => [name, new Uint8Array(readFileSync(path.join(folder, name)))] as const);

/** A model that multiplies with `count` square matrices, one after the other. */
function matrices(count: number, size: number, change: (tensor: TensorProto, i: number) => void = () => {}) {
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: 17n }],
    graph: {
      input: [{ name: 'x0' }],
      output: [{ name: `x${count}` }],
      initializer: Array.from({ length: count }, (_, i) => ({
        name: `w${i}`,
        dims: [BigInt(size), BigInt(size)],
        dataType: 1,
        rawData: new Uint8Array(Float32Array.from({ length: size * size }, (_, at) => at + i).buffer),
      })),
      node: Array.from({ length: count }, (_, i) => ({
        opType: 'MatMul',
        name: `product ${i}`,
        input: [`x${i}`, `w${i}`],
        output: [`x${i + 1}`],
      })),
    },
  });
  model.graph?.initializer.forEach(change);
  return toBinary(ModelProtoSchema, model);
}

/** What a graph is, its values by name. */
function plain(graph: Graph): unknown {
  return {
    inputs: graph.inputs.map(({ name, type }) => [name, type]),
    outputs: graph.outputs.map(({ name, type }) => [name, type]),
    weights: [...graph.initializers].map(({ name, type, constant }) => [name, type, constant && toNumbers(constant)]),
    nodes: graph.nodes.map((node) => [
      [node.op, node.domain, node.name],
      node.inputs.map((value) => value?.name),
      node.outputs.map((value) => [value?.name, value?.type]),
      Object.keys(node.attributes),
      bodiesOf(node).map(plain),
    ]),
  };
}

describe('onnx: what a file is made of, without its weights', () => {
  for (const [name, bytes] of fixtures) {
    it(`is the same graph as the whole file: ${name}`, () => {
      const { graph, opset, problems } = readOutline(sourceOf(bytes));
      const whole = readModel(bytes);
      assert.deepEqual(plain(graph), plain(whole.graph));
      assert.equal(opset, whole.opset);
      assert.deepEqual(problems, []);
    });
  }

  it('leaves weights in the file until their numbers are asked for, and reads only those', () => {
    const bytes = matrices(20, 256);
    const source = new CountedSource(bytes);
    const outline = readOutline(source);
    const { graph } = outline;
    assert.equal(describeOutline(outline).parameters, 20 * 256 * 256);
    assert.ok(source.count < bytes.length / 10, `${source.count} of ${bytes.length} bytes read`);
    const before = source.count;
    const third = [...graph.initializers][2];
    assert.deepEqual(third?.type.shape, [256, 256]);
    assert.equal(third.constant?.data[5], 7);
    assert.equal(third.constant.data.length, 256 * 256);
    const more = source.count - before;
    assert.ok(more >= 256 * 256 * 4 && more < 256 * 256 * 4 + 1000, `${more} bytes more`);
  });

  it('reads elements that stand in fields of their type as well, in a row or one by one', () => {
    const values = Array.from({ length: 5000 }, (_, i) => i - 7);
    const packed = create(ModelProtoSchema, {
      graph: { initializer: [{ name: 'w', dims: [5000n], dataType: 1, floatData: values }] },
    });
    const [w] = [...readOutline(sourceOf(toBinary(ModelProtoSchema, packed))).graph.initializers];
    assert.deepEqual(w?.constant && toNumbers(w.constant), values);
    // dims = 5000, data_type = 7, and each of int64_data with a tag of its own.
    const tensor = Uint8Array.from([
      0x08,
      0x88,
      0x27,
      0x10,
      7,
      0x42,
      1,
      0x77,
      ...values.flatMap((_, i) => [0x38, i % 100]),
    ]);
    const graph = [0x2a, ...varint(tensor.length), ...tensor];
    const model = Uint8Array.from([0x3a, ...varint(graph.length), ...graph]);
    const { initializers } = readOutline(sourceOf(model)).graph;
    const [one] = [...initializers];
    assert.deepEqual(one?.constant && toNumbers(one.constant).slice(98, 102), [98, 99, 0, 1]);
  });

  it('refuses a size that lies in the sentence that reading the whole file has for it', () => {
    const lie = matrices(2, 128, (tensor, i) => {
      if (i === 1) tensor.dims = [2n ** 40n, 2n ** 40n];
    });
    const sentence = (read: () => unknown) => {
      try {
        return read();
      } catch (error) {
        return String(error);
      }
    };
    assert.match(String(sentence(() => readOutline(sourceOf(lie)))), /"w1" does not hold as many elements/);
    assert.equal(
      sentence(() => readOutline(sourceOf(lie))),
      sentence(() => readModel(lie)),
    );
  });

  it('opens what does not run, and says why', () => {
    const told = (change: (graph: GraphProto) => void) => {
      const model = fromBinary(ModelProtoSchema, matrices(3, 2));
      if (model.graph !== undefined) change(model.graph);
      const outline = readOutline(sourceOf(toBinary(ModelProtoSchema, model)));
      return [outline.graph.nodes.length, ...outline.problems.map((problem) => format(problem))];
    };
    assert.deepEqual(
      told((graph) => graph.node[0]?.input.splice(0, 1, 'x2')),
      [
        3,
        'Nodes of this model wait for each other in a circle (2 in all, from MatMul "product 0" to MatMul "product 1"), so it cannot run; export it again.',
      ],
    );
    assert.deepEqual(
      told((graph) => graph.node[0]?.input.splice(0, 1, 'nowhere')),
      [3, 'The MatMul node "product 0" reads "nowhere", which nothing computes.'],
    );
    assert.deepEqual(
      told((graph) => graph.output.push({ ...graph.output[0], name: 'never' } as never)),
      [3, 'The model promises the output "never", but nothing computes it.'],
    );
    assert.deepEqual(
      told((graph) => graph.node.reverse()),
      [3],
    );
    assert.throws(() => {
      const model = fromBinary(ModelProtoSchema, matrices(3, 2));
      model.graph?.node[0]?.input.splice(0, 1, 'x2');
      readModel(toBinary(ModelProtoSchema, model));
    }, /in a circle/);
  });

  it('shows the upper graphs of a thousand that lie in one another', () => {
    // Written from the inside out: encoders of messages are recursive, too.
    let graph = new Uint8Array();
    for (let depth = 0; depth < 1000; depth++) {
      const attribute = [
        0x0a,
        1,
        0x67,
        0x32,
        ...varint(graph.length),
        ...graph,
        0xa0,
        1,
        AttributeProto_AttributeType.GRAPH,
      ];
      const node = [0x22, 2, 0x49, 0x66, 0x2a, ...varint(attribute.length), ...attribute];
      graph = Uint8Array.from([0x0a, ...varint(node.length), ...node]);
    }
    const { graph: top, problems } = readOutline(sourceOf(Uint8Array.from([0x3a, ...varint(graph.length), ...graph])));
    let depth = 1;
    for (let at: Graph | undefined = top; at?.nodes[0] && bodiesOf(at.nodes[0])[0]; depth++)
      at = bodiesOf(at.nodes[0])[0];
    assert.equal(depth, 32);
    assert.match(problems.map((problem) => format(problem)).join(), /more than 32 deep/);
  });

  it('refuses fields that reach beyond their message before it reads them', () => {
    const source = new CountedSource(Uint8Array.from([0x08, 8, 0x3a, ...varint(2 ** 40), 0x0a, 0]));
    assert.throws(() => readOutline(source), { code: 'model' });
    assert.ok(source.count < 100);
    assert.throws(() => readOutline(sourceOf(Uint8Array.from([0x08, 8, 0x3b]))), { code: 'model' });
  });
});

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
