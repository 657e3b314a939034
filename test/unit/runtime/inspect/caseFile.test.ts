import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readInputs } from '../../../../extension/runtime/inspect/caseFile';
import { newFolder, removeFolders } from '../sampleData';

function write(content: unknown): string {
  const file = path.join(newFolder(), 'case.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

describe('inspect/caseFile', () => {
  after(removeFolders);

  it('reads tensors of every kind', () => {
    const inputs = readInputs(
      write({
        format: 'rnn-case/1',
        inputs: {
          x: { dtype: 'float32', shape: [1, 2], data: [0.1, -2] },
          n: { dtype: 'int64', shape: [2], data: [3, -4] },
          b: { dtype: 'bool', shape: [], data: [true] },
        },
      }),
    );
    assert.deepEqual(inputs.get('x'), { dtype: 'float32', shape: [1, 2], data: Float32Array.of(0.1, -2) });
    assert.deepEqual(inputs.get('n')?.data, BigInt64Array.of(3n, -4n));
    assert.deepEqual(inputs.get('b')?.data, Uint8Array.of(1));
  });

  it('says what is wrong with a file', () => {
    const tensor = { dtype: 'float32', shape: [2], data: [1, 2] };
    assert.throws(() => readInputs('/none.json'), { code: 'data', message: /none\.json/ });
    assert.throws(() => readInputs(write('{')), { code: 'data', message: /JSON/ });
    assert.throws(() => readInputs(write({})), { code: 'data', message: /inputs/ });
    assert.throws(() => readInputs(write({ inputs: { x: { ...tensor, dtype: 'complex' } } })), {
      code: 'data',
      message: /inputs\.x\.dtype/,
    });
    assert.throws(() => readInputs(write({ inputs: { x: { ...tensor, shape: [3] } } })), {
      code: 'data',
      message: /\[3\]/,
    });
    assert.throws(() => readInputs(write({ inputs: { x: { ...tensor, data: ['a', 'b'] } } })), { code: 'data' });
  });
});
