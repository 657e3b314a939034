import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { identifier, literal, pathLiteral, query, withDatabase } from '../../../../extension/data/table/database';
import { temporaryFolder } from '../../../support/temporaryFolder';

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

  it('sorts more rows than it may hold in memory, and leaves nothing behind', async () => {
    folder.write('.unroll/note', '');
    const mine = folder.write('mine.csv', 'a\n1\n');
    await withDatabase(
      mine,
      async (connection) => {
        const sorted = `SELECT hash(i) AS h, i AS a, i + 1 AS b, i + 2 AS c, i + 3 AS d FROM range(12000000) t(i) ORDER BY h`;
        const [answer] = await query(
          connection,
          `SELECT count(*) AS n, max(a + b + c + d) > 0 AS some FROM (${sorted} OFFSET 7)`,
        );
        assert.deepEqual(answer, { n: 11_999_993n, some: true });
      },
      { root: folder.path },
    );
    assert.deepEqual(readdirSync(path.join(folder.path, '.unroll')), ['note']);
  });

  it('gives up in the middle of a query when it is not wanted any more', async () => {
    const mine = folder.write('mine.csv', 'a\n1\n');
    const abort = new AbortController();
    const began = performance.now();
    setTimeout(() => abort.abort(new Error('enough')), 100);
    const counted = withDatabase(
      mine,
      (connection) =>
        query(
          connection,
          'SELECT count(*) AS n FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3',
        ),
      { signal: abort.signal },
    );
    await assert.rejects(counted, /enough/);
    assert.ok(performance.now() - began < 10_000);
  });

  it('quotes what SQL would read as more than text', () => {
    assert.equal(literal("it's"), "'it''s'");
    assert.equal(identifier('a "b"'), '"a ""b"""');
    assert.equal(pathLiteral('/x/[a]*?.csv'), "'/x/[[]a][*][?].csv'");
  });
});
