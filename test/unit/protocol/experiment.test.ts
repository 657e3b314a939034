import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cells } from '../../../extension/core/cells/table';
import { cellNames, draftJsonSchema, draftSchema, experimentSchema } from '../../../extension/protocol/experiment';

describe('protocol/experiment', () => {
  it('needs nothing of a draft but where the data is', () => {
    assert.ok(draftSchema.safeParse({ data: { path: 'a.csv' } }).success);
    assert.ok(!draftSchema.safeParse({ data: {} }).success);
    assert.ok(!experimentSchema.safeParse({ data: { path: 'a.csv' } }).success);
  });

  it('refuses what it does not know, so that a slip of the pen is seen', () => {
    assert.ok(!draftSchema.safeParse({ data: { path: 'a.csv', lookbak: 3 } }).success);
    assert.ok(!draftSchema.safeParse({ data: { path: 'a.csv' }, training: { epochs: 0 } }).success);
    assert.ok(
      !draftSchema.safeParse({ data: { path: 'a.csv' }, model: { layers: [{ cell: 'lstn', hidden: 3 }] } }).success,
    );
  });

  it('knows the cells that there are', () => {
    assert.deepEqual([...cellNames].sort(), Object.keys(cells).sort());
  });

  it('is the JSON schema that the editor is given, with a description for every choice', () => {
    const schema = draftJsonSchema();
    assert.deepEqual(
      JSON.parse(readFileSync(path.resolve('dist/experiment.schema.json'), 'utf8')),
      JSON.parse(JSON.stringify(schema)),
    );
    const undescribed: string[] = [];
    const visit = (node: unknown, at: string) => {
      const { properties = {} } = node as {
        properties?: Record<string, { description?: string; properties?: unknown }>;
      };
      for (const [name, child] of Object.entries(properties)) {
        if (child.properties !== undefined) visit(child, `${at}.${name}`);
        else if (child.description === undefined) undescribed.push(`${at}.${name}`);
      }
    };
    visit(schema, '');
    assert.deepEqual(undescribed, []);
  });
});
