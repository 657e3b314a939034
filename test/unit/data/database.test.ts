import assert from 'node:assert/strict';
import { identifier, literal, pathLiteral, query, withDatabase } from '../../../extension/data/database';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('database', () => {
  const folder = temporaryFolder();

  it('reads the file that it was opened for and nothing else', async () => {
    const mine = folder.write('mine.csv', 'a\n1\n');
    const other = folder.write('other.csv', 'a\n2\n');
    await withDatabase(mine, async (connection) => {
      assert.deepEqual(await query(connection, `SELECT a FROM read_csv(${pathLiteral(mine)})`), [{ a: 1n }]);
      await assert.rejects(query(connection, `SELECT a FROM read_csv(${pathLiteral(other)})`), /Permission/);
      await assert.rejects(query(connection, `COPY (SELECT 1) TO ${literal(other)}`), /Permission/);
      await assert.rejects(query(connection, 'SET enable_external_access = true'));
    });
  });

  it('quotes what SQL would read as more than text', () => {
    assert.equal(literal("it's"), "'it''s'");
    assert.equal(identifier('a "b"'), '"a ""b"""');
    assert.equal(pathLiteral('/x/[a]*?.csv'), "'/x/[[]a][*][?].csv'");
  });
});
