import assert from 'node:assert/strict';
import { linesIn, syntaxErrorLine } from '../../../../extension/data/choices/jsonPosition';

const text = '{\n  "data": {\r\n    "path": "a.csv",\n    "features": [\n      "x",\n      "y"\n    ]\n  }\n}\n';

describe('positions in JSON', () => {
  it('are lines of keys and of entries', () => {
    const lineOf = linesIn(text);
    assert.equal(lineOf(['data']), 2);
    assert.equal(lineOf(['data', 'path']), 3);
    assert.equal(lineOf(['data', 'features']), 4);
    assert.equal(lineOf(['data', 'features', 1]), 6);
  });

  it('are those of what is around where nothing is', () => {
    const lineOf = linesIn(text);
    assert.equal(lineOf(['data', 'target']), 2);
    assert.equal(lineOf(['model', 'layers', 0]), 1);
    assert.equal(lineOf([]), 1);
    assert.equal(linesIn('')(['data']), 1);
  });

  it('tell where a text stops being JSON', () => {
    assert.equal(syntaxErrorLine(text), null);
    assert.equal(syntaxErrorLine('{\n  "a": 1,\n  "b" 2\n}'), 3);
    assert.equal(syntaxErrorLine('{\n  "a": 1,\n}'), 3);
    assert.equal(syntaxErrorLine('{\n// no\n}'), 2);
    assert.equal(syntaxErrorLine('{\n"a": [1,\n'), 3);
    assert.notEqual(syntaxErrorLine(''), null);
  });
});
