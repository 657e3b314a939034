import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cells } from '../../../extension/core/cells/table';
import {
  convolutionSnippets,
  layerSnippets,
  lossSnippets,
  optimizerSnippets,
  scheduleSnippets,
  soundSnippets,
  textSnippets,
} from '../../../extension/protocol/choices/snippets';
import {
  cellNames,
  type Draft,
  draftJsonSchema,
  draftSchema,
  experimentSchema,
} from '../../../extension/protocol/experiment';

/** A part of a JSON schema. */
interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
}

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

  it('is the JSON schema that the editor is given, as the build writes it', () => {
    assert.deepEqual(
      JSON.parse(readFileSync(path.resolve('dist/experiment.schema.json'), 'utf8')),
      JSON.parse(JSON.stringify(draftJsonSchema())),
    );
  });

  it('has a sentence for every choice and for every name that can be chosen, and marks what it does not know', () => {
    const lacking: string[] = [];
    const visit = (node: Node, at: string) => {
      if (node.properties !== undefined && node.additionalProperties !== false) lacking.push(`${at} takes any key`);
      // The setting of the same name has its sentences in package.nls.json.
      const speaks = node.enum === undefined || at === '.device.provider';
      if (!speaks && node.enumDescriptions?.length !== node.enum?.length) lacking.push(`${at} explains no name`);
      for (const [name, child] of Object.entries(node.properties ?? {})) {
        if ((child.description ?? '') === '') lacking.push(`${at}.${name}`);
        visit(child, `${at}.${name}`);
      }
      for (const child of [...(node.anyOf ?? []), ...(node.items === undefined ? [] : [node.items])]) visit(child, at);
    };
    visit(draftJsonSchema(), '');
    assert.deepEqual(lacking, []);
  });

  it('offers snippets that it takes itself', () => {
    const offered = [
      ...layerSnippets.map(({ body }) => ({ model: { layers: [filledIn(body)] } }) as Partial<Draft>),
      ...convolutionSnippets.map(({ body }) => ({ model: { convolution: filledIn(body) } }) as Partial<Draft>),
      ...lossSnippets.map(({ body }) => ({ training: { loss: filledIn(body) } }) as Partial<Draft>),
      ...scheduleSnippets.map(({ body }) => ({ training: { schedule: filledIn(body) } }) as Partial<Draft>),
      ...optimizerSnippets.map(({ body }) => ({ training: { optimizer: filledIn(body) } }) as Partial<Draft>),
      ...textSnippets.map(({ body }) => ({ data: { path: 'a.csv', text: filledIn(body) } }) as Draft),
      ...soundSnippets.map(({ body }) => ({ data: { path: 'a', sound: filledIn(body) } }) as Draft),
    ].map((part) => ({ data: { path: 'a.csv' }, ...part }));
    assert.ok(offered.length > 10);
    for (const draft of offered) {
      const { success, error } = draftSchema.safeParse(draft);
      assert.ok(success, `${JSON.stringify(draft)}: ${error?.message}`);
    }
  });
});

/** What the editor puts in where nobody changes the places to fill in. */
function filledIn(body: unknown): unknown {
  const text = JSON.stringify(body).replace(/\$\{\d+:([^}]*)\}/g, '$1');
  return JSON.parse(text.replace(/"\^([^"]*)"/g, '$1'));
}
