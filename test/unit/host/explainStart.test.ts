import assert from 'node:assert/strict';
import { explainStart } from '../../../extension/host/explainStart';
import { UnrollError } from '../../../extension/protocol/errors';

const closed = new UnrollError('closed', 'Gone.');

describe('why an engine did not start', () => {
  it('names the runtime that Windows misses', () => {
    const output = 'Error: The specified module could not be found.\n\\\\?\\C:\\x\\onnxruntime_binding.node';
    assert.match(explainStart(closed, output).message, /Visual C\+\+/);
    assert.match(explainStart(new Error('LoadLibrary failed with error 126'), '').message, /Visual C\+\+/);
  });

  it('names the C library that is too old', () => {
    const output = "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by libonnxruntime.so.1)";
    assert.match(explainStart(closed, output).message, /GLIBC_2\.34/);
  });

  it('names a module that the package lacks', () => {
    assert.match(explainStart(closed, "Error: Cannot find module 'onnxruntime-node'").message, /onnxruntime-node/);
  });

  it('keeps a sentence that the engine made itself', () => {
    const error = new UnrollError('storage', 'The disk is full.');
    assert.equal(explainStart(error, 'noise').message, 'The disk is full.');
  });

  it('else shows the last line and points to the log', () => {
    assert.match(explainStart(closed, 'first\nSegmentation fault').message, /\(Segmentation fault\).*log/);
  });
});
