import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from '../../extension/core/onnx/onnx_pb';

// Models that nobody should have to run: each is a few hundred bytes, loads, and takes for ever or everything.

const [float, int64, bool] = [1, 7, 9];

function node(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  { body, hidden }: { readonly body?: GraphProto; readonly hidden?: number } = {},
): NodeProto {
  const { GRAPH, INT } = AttributeProto_AttributeType;
  const attribute = [
    ...(body === undefined ? [] : [create(AttributeProtoSchema, { name: 'body', type: GRAPH, g: body })]),
    ...(hidden === undefined
      ? []
      : [create(AttributeProtoSchema, { name: 'hidden_size', type: INT, i: BigInt(hidden) })]),
  ];
  return create(NodeProtoSchema, {
    opType,
    name: output[0] ?? opType,
    input: [...input],
    output: [...output],
    attribute,
  });
}

function info(name: string, elemType: number, shape: readonly (number | string)[]): ValueInfoProto {
  const dim = shape.map((size) => ({
    value:
      typeof size === 'number'
        ? ({ case: 'dimValue', value: BigInt(size) } as const)
        : ({ case: 'dimParam', value: size } as const),
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { tensorType: { elemType, shape: { dim } } },
  });
}

const whole = (name: string, dims: readonly number[], values: readonly bigint[]) => ({
  name,
  dims: dims.map(BigInt),
  dataType: int64,
  int64Data: [...values],
});
const yes = { name: 'yes', dims: [], dataType: bool, int32Data: [1] };
const one = { name: 'one', dims: [], dataType: float, floatData: [1] };

const weights = (name: string) => ({ name, dims: [1n, 2n, 2n], dataType: float, floatData: [0.1, 0.2, 0.3, 0.4] });

const model = (graph: GraphProto): Uint8Array =>
  toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, { irVersion: 8n, opsetImport: [{ domain: '', version: 17n }], graph }),
  );

/** An RNN, and a loop that is never told to end: it adds one to the sum of what the RNN gives out. */
export function endlessModel(): Uint8Array {
  const body = create(GraphProtoSchema, {
    name: 'body',
    input: [info('i', int64, []), info('goes_on', bool, []), info('sum', float, [])],
    node: [node('Identity', ['goes_on'], ['still']), node('Add', ['sum', 'one'], ['next'])],
    output: [info('still', bool, []), info('next', float, [])],
  });
  return model(
    create(GraphProtoSchema, {
      name: 'endless',
      input: [info('x', float, ['time', 'batch', 2])],
      initializer: [whole('trips', [], [2n ** 62n]), yes, one, weights('W'), weights('R')],
      node: [
        node('RNN', ['x', 'W', 'R'], ['states'], { hidden: 2 }),
        node('ReduceSum', ['states'], ['start']),
        node('Squeeze', ['start'], ['none']),
        node('Loop', ['trips', 'yes', 'none'], ['y'], { body }),
      ],
      output: [info('y', float, [])],
    }),
  );
}

/** A loop that keeps four megabytes of every turn and is never told to end. */
export function growingModel(): Uint8Array {
  const body = create(GraphProtoSchema, {
    name: 'body',
    input: [info('i', int64, []), info('goes_on', bool, []), info('state', float, [1])],
    node: [
      node('Identity', ['goes_on'], ['still']),
      node('Identity', ['state'], ['next']),
      node('Expand', ['state', 'size'], ['kept']),
    ],
    output: [info('still', bool, []), info('next', float, [1]), info('kept', float, [2 ** 20])],
  });
  return model(
    create(GraphProtoSchema, {
      name: 'growing',
      input: [info('x', float, ['time', 'batch', 2])],
      initializer: [whole('trips', [], [2n ** 62n]), whole('size', [1], [2n ** 20n]), whole('single', [1], [1n]), yes],
      node: [
        node('ReduceSum', ['x'], ['start']),
        node('Reshape', ['start', 'single'], ['none']),
        node('Loop', ['trips', 'yes', 'none'], ['last', 'all'], { body }),
      ],
      output: [info('all', float, ['turns', 2 ** 20])],
    }),
  );
}

/** A tensor of four terabytes. */
export function terabyteModel(): Uint8Array {
  return model(
    create(GraphProtoSchema, {
      name: 'terabytes',
      input: [info('x', float, ['time', 'batch', 2])],
      initializer: [whole('size', [2], [2n ** 20n, 2n ** 20n]), whole('single', [1], [1n])],
      node: [
        node('ReduceSum', ['x'], ['start']),
        node('Reshape', ['start', 'single'], ['none']),
        node('Expand', ['none', 'size'], ['y']),
      ],
      output: [info('y', float, [2 ** 20, 2 ** 20])],
    }),
  );
}
