import assert from 'node:assert/strict';
import { fromFailure, toFailure, UnrollError } from '../../../extension/protocol/errors';
import { format, message } from '../../../extension/protocol/messages';

describe('protocol/messages', () => {
  it('puts arguments where they belong, in any order and more than once', () => {
    assert.equal(format(message('{1} before {0}, {1}', 'a', 2)), '2 before a, 2');
    assert.equal(format(message('{0} and {3}', 'a')), 'a and {3}');
  });

  it('does not read arguments as templates', () => {
    assert.equal(format(message('{0}{1}', '{1}', 'x')), '{1}x');
  });

  it('takes the translation where there is one', () => {
    const zh = { 'Row {0} of {1}.': '共 {1} 行，第 {0} 行。' };
    assert.equal(format(message('Row {0} of {1}.', 3, 9), zh), '共 9 行，第 3 行。');
    assert.equal(format(message('Other.'), zh), 'Other.');
  });

  it('carries errors across processes: code, sentence and arguments', () => {
    const error = new UnrollError('storage', 'The disk of {0} is full; make room and resume.', '/w');
    const back = fromFailure(structuredClone(toFailure(error)));
    assert.deepEqual([back.code, back.text, back.message], [error.code, error.text, error.message]);
    assert.equal(toFailure('a string').code, 'internal');
    assert.match(fromFailure(toFailure(new Error('boom'))).message, /boom/);
  });
});
