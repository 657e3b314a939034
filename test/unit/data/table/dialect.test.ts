import assert from 'node:assert/strict';
import { detectDialect } from '../../../../extension/data/table/dialect';

describe('dialect', () => {
  const heads: [string, string, string, number][] = [
    ['commas', 'a,b\n1,2\n', ',', 0],
    ['tabs beside commas', 'a\tb, c\n1\t2\n3\t4\n', '\t', 0],
    ['semicolons and decimal commas', 'a;b\n1,5;2,5\n3,5;4\n', ';', 0],
    ['semicolons and decimal points', 'a;b\n1.5;2.5\n', ';', 0],
    ['delimiters inside quotes', '"a;b;c;d","e"\n1,2\n', ',', 0],
    ['comments before the table', '# x;y\n#\na,b\n1,2\n', ',', 2],
    ['one column', 'a\n1\n2\n', ',', 0],
    ['a ragged line among even ones', 'a;b\n1;2\n1;2;3\n4;5\n', ';', 0],
    ['a last line that is cut off', 'a|b\n1|2\n3', '|', 0],
    ['a line that names the delimiter', 'sep=;\na;b,c\n1;2,3\n', ';', 1],
    ['nothing', '', ',', 0],
  ];
  for (const [what, head, delimiter, skip] of heads) {
    it(`reads ${what}`, () => assert.deepEqual(detectDialect(head), { delimiter, skip, quotes: true }));
  }
});
