import { closeSync, existsSync, fstatSync, openSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { type ExternalPart, externalParts, withExternalData } from '../../core/onnx/externalData';
import { readModel } from '../../core/onnx/read';
import { UnrollError } from '../../protocol/errors';
import { readAt } from './fileBytes';

/** How it stands with a file that a model says its weights are in. */
export type ExternalPlace = 'there' | 'missing' | 'outside';

/** A message of Protocol Buffers is not larger. */
const mostInOnePiece = 2 ** 31 - 1;

/** A model's bytes with the weights that lie beside its file in them; the bytes themselves where none do. */
export function inOnePiece(file: string, bytes: Uint8Array): Uint8Array {
  const model = readModel(bytes);
  const parts = externalParts(model);
  if (parts.length === 0) return bytes;
  const size = parts.reduce((sum, { length }) => sum + (length ?? 0), bytes.length);
  if (size > mostInOnePiece) {
    throw new UnrollError(
      'model',
      'With the weights that lie beside it {0} comes to {1} GB, and one ONNX file holds 2 GB at most; use a smaller model.',
      path.basename(file),
      (size / 1e9).toFixed(1),
    );
  }
  return withExternalData(model, (part) => readPart(path.dirname(path.resolve(file)), part));
}

/** Whether a place is in the folder of the model and there is a file. Links are followed before it is judged. */
export function externalPlace(folder: string, location: string): ExternalPlace {
  const wanted = path.resolve(folder, location);
  const within = (base: string, target: string) => {
    const way = path.relative(base, target);
    return way !== '' && way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
  };
  if (path.isAbsolute(location) || !within(folder, wanted)) return 'outside';
  if (!existsSync(wanted)) return 'missing';
  return within(realpathSync(folder), realpathSync(wanted)) ? 'there' : 'outside';
}

/** The bytes of a part, which lies in the folder of its model. @throws UnrollError `model` where it does not, or not whole. */
export function readPart(folder: string, { tensor, location, offset, length }: ExternalPart): Uint8Array {
  const place = externalPlace(folder, location);
  if (place === 'outside') {
    throw new UnrollError(
      'model',
      'The weights "{0}" lie in {1}, outside the folder of the model, where nothing is read; put them beside the model.',
      tensor,
      location,
    );
  }
  if (place === 'missing') {
    throw new UnrollError(
      'model',
      'The weights "{0}" lie in {1}, which is not there; put that file beside the model.',
      tensor,
      location,
    );
  }
  const handle = openSync(path.resolve(folder, location), 'r');
  try {
    const stat = fstatSync(handle);
    const count = length ?? stat.size - offset;
    // What the file does not hold is not asked for, so that nothing is allocated for a lie.
    if (!stat.isFile() || count < 0 || offset + count > stat.size) {
      throw new UnrollError('model', 'The weights "{0}" are not whole in {1}; the file is damaged.', tensor, location);
    }
    return readAt(handle, offset, count);
  } finally {
    closeSync(handle);
  }
}
