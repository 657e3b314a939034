import { UnrollError } from '../../protocol/errors';

// Files that are often taken for ONNX models, by how they begin.

const startsWith = (bytes: Uint8Array, text: string) => text === textAt(bytes, 0, text.length);
const textAt = (bytes: Uint8Array, from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));

/** What a file is that is certainly no ONNX model, as an error; null where it may be one. */
export function mistakenFor(bytes: Uint8Array): UnrollError | null {
  if (bytes.length === 0) return new UnrollError('model', 'This is not an ONNX model: the file is empty.');
  if (startsWith(bytes, 'version https://git-lfs.github.com/spec/')) {
    return new UnrollError(
      'model',
      'This is not an ONNX model but a Git LFS pointer to one; fetch the file itself with "git lfs pull".',
    );
  }
  if (/^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml)/i.test(textAt(bytes, 0, 64))) {
    return new UnrollError(
      'model',
      'This is not an ONNX model but a web page; download the file itself, not the page that shows it.',
    );
  }
  if (startsWith(bytes, 'PK\u0003\u0004')) {
    // PyTorch's archives begin with the pickle that describes the tensors.
    return textAt(bytes, 0, 256).includes('/data.pkl') ? checkpoint() : archive();
  }
  // Pickle begins with its protocol, and a pickle of PyTorch's old format with a long number.
  if (bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5) return checkpoint();
  if (startsWith(bytes, '\u0089HDF\r\n')) {
    return new UnrollError(
      'model',
      'This is not an ONNX model but an HDF5 file, as Keras writes; export the model with model.export(format="onnx").',
    );
  }
  return null;
}

const checkpoint = () =>
  new UnrollError(
    'model',
    'This is not an ONNX model but a PyTorch checkpoint; load it in Python and export it with torch.onnx.export.',
  );

const archive = () =>
  new UnrollError('model', 'This is not an ONNX model but a ZIP archive; open the model that is inside it.');
