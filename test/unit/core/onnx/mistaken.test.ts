import assert from 'node:assert/strict';
import { create, toBinary } from '@bufbuild/protobuf';
import { describeModel } from '../../../../extension/core/describe/describeModel';
import { Builder } from '../../../../extension/core/graph/builder';
import { Graph } from '../../../../extension/core/graph/graph';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  ValueInfoProtoSchema,
} from '../../../../extension/core/onnx/onnx_pb';
import { readModel } from '../../../../extension/core/onnx/read';
import { writeModel } from '../../../../extension/core/onnx/write';
import { traceModel } from '../../../../extension/core/trace/traceModel';
import { UnrollError } from '../../../../extension/protocol/errors';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const refuses = (bytes: Uint8Array, sentence: RegExp) =>
  assert.throws(
    () => readModel(bytes),
    (error) => error instanceof UnrollError && error.code === 'model' && sentence.test(error.message),
  );

describe('onnx: files that are something else', () => {
  for (const [what, bytes, sentence] of [
    ['nothing', new Uint8Array(0), /the file is empty/],
    [
      'a Git LFS pointer',
      bytesOf('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'),
      /a Git LFS pointer.*git lfs pull/,
    ],
    ['a web page', bytesOf('\n<!DOCTYPE html>\n<html><title>404</title></html>'), /a web page/],
    ['a web page without a doctype', bytesOf('\u00ef\u00bb\u00bf<HTML lang="en">'), /a web page/],
    [
      'a checkpoint of PyTorch',
      bytesOf('PK\u0003\u0004\0\0\0\0archive/data.pkl\0'),
      /a PyTorch checkpoint.*torch\.onnx/,
    ],
    ['an old checkpoint of PyTorch', bytesOf('\u0080\u0002\u008a\nl\u00fc\u009cF'), /a PyTorch checkpoint/],
    ['another archive', bytesOf('PK\u0003\u0004\0\0\0\0model/model.onnx\0'), /a ZIP archive/],
    ['a model of Keras', bytesOf('\u0089HDF\r\n\u001a\n'), /an HDF5 file/],
    ['a table', bytesOf('Month,Passengers\n1949-01,112\n'), /^This is not an ONNX model/],
  ] as const) {
    it(`says that it is ${what}`, () => refuses(bytes, sentence));
  }
});

const graphOf = (graph: Partial<GraphProto>) =>
  toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: '', version: 17n }],
      graph: create(GraphProtoSchema, graph as never),
    }),
  );

describe('onnx: files that lie', () => {
  const node = (opType: string, input: string[], output: string[]) =>
    create(NodeProtoSchema, { opType, name: opType, input, output });
  const output = [create(ValueInfoProtoSchema, { name: 'y' })];

  it('refuses a graph that runs in a circle', () =>
    refuses(
      graphOf({ node: [node('Tanh', ['b'], ['a']), node('Tanh', ['a'], ['b'])] }),
      /wait for each other in a circle/,
    ));

  it('refuses an input that nobody declares', () =>
    refuses(graphOf({ node: [node('Tanh', ['x'], ['y'])], output }), /reads "x", which nothing computes/));

  for (const [what, dims] of [
    ['more elements than it has', [2n ** 40n]],
    ['more elements than can be counted', [2n ** 62n, 2n ** 62n]],
    ['fewer than none', [-1n, -4n]],
  ] as const) {
    it(`refuses weights that promise ${what}`, () => {
      const tensor = create(TensorProtoSchema, {
        name: 'w',
        dataType: 1,
        dims: [...dims],
        rawData: new Uint8Array(16),
      });
      refuses(graphOf({ initializer: [tensor] }), /"w" does not hold as many elements/);
    });
  }

  for (const depth of [1_000, 20_000]) {
    it(`refuses graphs that lie ${depth} deep in one another`, () => {
      // Put together from the inside, by hand: a writer would run out of stack itself.
      let inner = toBinary(GraphProtoSchema, create(GraphProtoSchema, { name: 'deep' }));
      const field = (number: number, bytes: Uint8Array) => {
        const head: number[] = [];
        for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
          head.push(rest >= 128 ? (rest % 128) | 128 : rest);
          if (rest < 128) break;
        }
        return Buffer.concat([Uint8Array.of((number << 3) | 2, ...head), bytes]);
      };
      // Type 5, a graph, in field 20; the graph in 6 of the attribute, 5 of the node, 1 of the graph around it.
      for (let n = 0; n < depth; n++) {
        inner = field(1, field(5, Buffer.concat([field(6, inner), Uint8Array.of(0xa0, 0x01, 5)])));
      }
      refuses(new Uint8Array(field(7, inner)), /Graphs lie too deep/);
    });
  }

  it('reads graphs that lie a few deep in one another', () => {
    let graph = create(GraphProtoSchema, { name: 'deep' });
    for (let n = 0; n < 20; n++) {
      const attribute = create(AttributeProtoSchema, {
        name: 'body',
        type: AttributeProto_AttributeType.GRAPH,
        g: graph,
      });
      graph = create(GraphProtoSchema, { node: [create(NodeProtoSchema, { opType: 'If', attribute: [attribute] })] });
    }
    assert.equal(readModel(graphOf(graph)).graph.nodes.length, 1);
  });

  it('refuses a state of absurd size before anything of that size is made', () => {
    const graph = new Graph('absurd');
    const b = new Builder(graph);
    const units = 2 ** 40;
    const type = (shape: readonly number[]) => ({ dtype: 'float32', shape }) as const;
    const [X, W, R] = [
      graph.input('X', type([3, 1, 2])),
      graph.input('W', type([1, units, 2])),
      graph.input('R', type([1, units, units])),
    ];
    b.output('Y', b.apply('RNN', [X, W, R], { hidden_size: { kind: 'int', value: units } })[0] ?? assert.fail());
    const bytes = writeModel(graph);
    assert.throws(
      () => traceModel(bytes),
      (error) => error instanceof UnrollError && /more than can be traced/.test(error.message),
    );
    assert.equal(describeModel(bytes).inputs.length, 3);
  });

  it('shortens names in its sentences', () => {
    const name = `<img src=x>\n${'long '.repeat(40_000)}`;
    assert.throws(
      () => readModel(graphOf({ node: [node('Tanh', [name], ['y'])], output })),
      (error) => error instanceof UnrollError && error.message.length < 1_000 && !error.message.includes('\n'),
    );
  });
});
