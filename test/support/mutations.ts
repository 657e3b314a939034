import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type GraphProto, ModelProtoSchema } from '../../extension/core/onnx/onnx_pb';
import type { RandomStream } from '../../extension/core/random';

// Random damage to ONNX files, the same for the same stream of numbers.

const below = (random: RandomStream, end: number) => Math.min(end - 1, Math.floor(random.uniform() * end));
function pick<T>(random: RandomStream, items: readonly T[]): T | undefined {
  return items[below(random, items.length)];
}

const absurd = [-1n, 0n, 1n, 3n, 2n ** 31n, 2n ** 40n, 2n ** 62n, -(2n ** 63n)];
const names = ['', '__proto__', 'constructor', '<img src=x onerror=alert(1)>', 'x'.repeat(200_000)];
const operators = ['LSTM', 'GRU', 'RNN', 'Scan', 'Loop', 'If', 'Split', 'Reshape', 'Transpose', 'Nonsense'];

type Damage = (bytes: Uint8Array, random: RandomStream) => Uint8Array;

const cutOut: Damage = (bytes, random) => {
  const from = below(random, bytes.length);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + below(random, 64))]);
};

const repeat: Damage = (bytes, random) => {
  const from = below(random, bytes.length);
  const part = bytes.subarray(from, from + 1 + below(random, 256));
  const to = below(random, bytes.length);
  return Buffer.concat([bytes.subarray(0, to), part, bytes.subarray(to)]);
};

const overwrite: Damage = (bytes, random) => {
  const copy = Uint8Array.from(bytes);
  for (let n = 1 + below(random, 4); n > 0; n--) copy[below(random, copy.length)] = below(random, 256);
  return copy;
};

/** A number that says more than there is: bytes of a varint that goes on. */
const lie: Damage = (bytes, random) => {
  const copy = Uint8Array.from(bytes);
  copy.fill(0xff, below(random, copy.length), below(random, copy.length) + 5);
  return copy;
};

const truncate: Damage = (bytes, random) => bytes.slice(0, below(random, bytes.length));

/** Damage that leaves a well-formed message which says something else. */
const restate: Damage = (bytes, random) => {
  const model = fromBinary(ModelProtoSchema, bytes);
  const { graph } = model;
  if (graph === undefined) return bytes;
  for (let n = 1 + below(random, 3); n > 0; n--) restateGraph(graph, random);
  if (random.uniform() < 0.1) for (const entry of model.opsetImport) entry.version = pick(random, absurd) ?? 0n;
  return toBinary(ModelProtoSchema, model);
};

function restateGraph(graph: GraphProto, random: RandomStream): void {
  const node = pick(random, graph.node);
  const initializer = pick(random, graph.initializer);
  const info = pick(random, [...graph.input, ...graph.output]);
  const attribute = node && pick(random, node.attribute);
  const made = graph.node.flatMap(({ output }) => output);
  const anyName = () => pick(random, [...names, ...made, ...graph.initializer.map(({ name }) => name)]) ?? '';
  const changes: (() => void)[] = [
    () => initializer?.dims.splice(below(random, 3), 1, pick(random, absurd) ?? 0n),
    () => {
      if (initializer) initializer.dataType = below(random, 24);
    },
    () => {
      if (initializer) initializer.rawData = initializer.rawData.slice(below(random, 8));
    },
    () => {
      for (const dim of info?.type?.tensorType?.shape?.dim ?? [])
        dim.value = { case: 'dimValue', value: pick(random, absurd) ?? 0n };
    },
    () => {
      if (info?.type?.tensorType) info.type.tensorType.elemType = below(random, 24);
    },
    () => node?.input.splice(below(random, 9), 1, anyName()),
    () => node?.output.splice(below(random, 3), 1, anyName()),
    () => {
      if (node) node.opType = pick(random, operators) ?? '';
    },
    () => {
      if (attribute) [attribute.i, attribute.f] = [pick(random, absurd) ?? 0n, random.normal() * 1e30];
    },
    () => {
      if (attribute) attribute.ints = attribute.floats = attribute.strings = [];
    },
    () => {
      if (attribute) attribute.type = below(random, 15);
    },
    () => {
      if (attribute) attribute.name = anyName();
    },
    () => graph.node.reverse(),
    () => {
      if (node) graph.node.push(node);
    },
    () => {
      if (attribute) attribute.g = graph.node.length > 40 ? undefined : attribute.g;
    },
  ];
  pick(random, changes)?.();
  for (const { g } of node?.attribute ?? []) if (g !== undefined && random.uniform() < 0.5) restateGraph(g, random);
}

const damages: readonly Damage[] = [cutOut, repeat, overwrite, lie, truncate, restate, restate, restate, restate];

/** A damaged copy of a file. */
export function mutate(bytes: Uint8Array, random: RandomStream): Uint8Array {
  return Uint8Array.from(pick(random, damages)?.(bytes, random) ?? bytes);
}
