import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dataOfExperiment, parseExperimentFile, writeExperimentFile } from '../../../extension/host/experimentFile';
import { UnrollError } from '../../../extension/protocol/errors';
import type { Draft } from '../../../extension/protocol/experiment';
import { temporaryFolder } from '../../support/temporaryFolder';

const draft: Draft = { version: 1, data: { path: 'series/airline.csv', target: 'Passengers' } };
const read = (file: string): Record<string, unknown> => JSON.parse(readFileSync(file, 'utf8'));

describe('the experiment file', () => {
  const folder = temporaryFolder();

  it('stands beside the data, bound to the schema', async () => {
    folder.write('one/series/airline.csv', 'a\n1\n');
    const root = path.join(folder.path, 'one');
    const file = await writeExperimentFile(root, draft, '{}');
    assert.equal(file, path.join(root, 'series', 'airline.unroll.json'));
    const { $schema, ...rest } = read(file);
    assert.deepEqual(rest, draft);
    assert.equal($schema, '../.unroll/experiment.schema.json');
    assert.equal(readFileSync(path.resolve(path.dirname(file), String($schema)), 'utf8'), '{}');
  });

  it('takes the schema in the folder of the data itself', async () => {
    folder.write('top/airline.csv', 'a\n1\n');
    const file = await writeExperimentFile(path.join(folder.path, 'top'), { data: { path: 'airline.csv' } }, '{}');
    assert.equal(read(file)['$schema'], './.unroll/experiment.schema.json');
  });

  it('never writes over a file of the user, and does not write the same twice', async () => {
    folder.write('two/series/airline.csv', 'a\n1\n');
    const root = path.join(folder.path, 'two');
    const first = await writeExperimentFile(root, draft, '{}');
    assert.equal(await writeExperimentFile(root, draft, '{}'), first);
    writeFileSync(first, 'mine');
    const second = await writeExperimentFile(root, draft, '{}');
    assert.equal(path.basename(second), 'airline-2.unroll.json');
    assert.equal(readFileSync(first, 'utf8'), 'mine');
    assert.equal(await writeExperimentFile(root, draft, '{}'), second);
    assert.deepEqual(readdirSync(path.dirname(first)).sort(), [
      'airline-2.unroll.json',
      'airline.csv',
      'airline.unroll.json',
    ]);
  });

  it('follows a newer schema', async () => {
    folder.write('three/series/airline.csv', 'a\n1\n');
    const root = path.join(folder.path, 'three');
    await writeExperimentFile(root, draft, '{}');
    await writeExperimentFile(root, draft, '{"title":"new"}');
    const schema = path.join(root, '.unroll', 'experiment.schema.json');
    assert.equal(readFileSync(schema, 'utf8'), '{"title":"new"}');
  });

  it('says in a sentence where it cannot be written', async () => {
    folder.write('four/.unroll', 'a file, where a folder is wanted');
    folder.write('four/series/airline.csv', 'a\n1\n');
    await assert.rejects(
      writeExperimentFile(path.join(folder.path, 'four'), draft, '{}'),
      (error) => error instanceof UnrollError && error.code === 'storage',
    );
    assert.deepEqual(readdirSync(path.join(folder.path, 'four', 'series')), ['airline.csv']);
  });

  it('says where it is no JSON', () => {
    assert.throws(
      () => parseExperimentFile('{', 'a.unroll.json'),
      (error) => error instanceof UnrollError && error.code === 'experiment' && /a\.unroll\.json/.test(error.message),
    );
  });

  it('says where its data is, from the folder that its paths are relative to', () => {
    const root = path.resolve('/work/space');
    const { path: data, draft: shown } = dataOfExperiment(root, draft, 'one.unroll.json');
    assert.equal(data, path.join(root, 'series', 'airline.csv'));
    assert.deepEqual(shown, draft);
    for (const wrong of [null, [], 'text', {}, { data: null }, { data: { path: '' } }, { data: { path: 7 } }]) {
      assert.throws(
        () => dataOfExperiment(root, wrong, 'one.unroll.json'),
        /one\.unroll\.json|does not say where its data is/,
      );
    }
  });
});
