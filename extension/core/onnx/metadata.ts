import { readModel } from './read';

/** The metadata_props of an ONNX file, by key. */
export function readMetadata(model: Uint8Array): Readonly<Record<string, string>> {
  const { proto } = readModel(model);
  return Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value]));
}
