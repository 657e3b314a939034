import assert from 'node:assert/strict';
import path from 'node:path';
import { followCase } from '../../trace/followCase';
import { caseNames } from '../../trace/traceCase';

/** Models with the signals that their source computed in float64 beside them; `npm run test:trace` follows those of any folder. */
const folder = path.resolve('test/fixtures/onnx');

describe('trace: signals against those of the framework that exported the model', () => {
  const names = caseNames(folder);
  it('has cases', () => assert.ok(names.length >= 3));
  for (const name of names) it(name, async () => assert.deepEqual((await followCase(folder, name)).failures, []));
});
