import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { errorsDuring, extension, writeExperiment, writeFile } from './editor';

const files: Readonly<Record<string, string | Uint8Array>> = {
  'empty.csv': '',
  'header.csv': 'Month,Passengers\n',
  'words.csv': 'a,b\nx,y\nz,w\n',
  'constant.csv': `y\n${'5\n'.repeat(200)}`,
  'short.csv': 'Month,Passengers\n2020-01,1\n2020-02,2\n2020-03,3\n',
  'binary.csv': Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256),
};

describe('a file that cannot be trained on', () => {
  before(() => extension().activate());

  for (const [name, content] of Object.entries(files)) {
    it(`${name}: is answered with one sentence, and leaves no run behind`, async () => {
      const file = await writeFile(`bad/${name}`, content);
      const shown = await errorsDuring(async () => {
        assert.equal(await vscode.commands.executeCommand('unroll.trainWithDefaults', file), undefined);
      });
      assert.equal(shown.length, 1);
      assert.match(shown[0] ?? '', /^[^\n]{20,400}\.$/);
      assert.doesNotMatch(shown[0] ?? '', /unexpected/i);
      assert.deepEqual(await extension().exports.runs(), []);
    });
  }

  it('that is not there is answered with one sentence', async () => {
    const gone = vscode.Uri.joinPath(await writeFile('bad/x.csv', 'a\n'), '..', 'gone.csv');
    const shown = await errorsDuring(async () => vscode.commands.executeCommand('unroll.trainWithDefaults', gone));
    assert.equal(shown.length, 1);
    assert.match(shown[0] ?? '', /gone\.csv/);
  });

  it('an experiment that is no JSON, or asks for what is not there, is answered with one sentence', async () => {
    const broken = await writeFile('bad/broken.unroll.json', '{');
    const noColumn = await writeFile(
      'bad/column.unroll.json',
      JSON.stringify({ data: { path: 'airline-passengers.csv', target: 'Passagers' } }),
    );
    for (const file of [broken, noColumn]) {
      const shown = await errorsDuring(async () => vscode.commands.executeCommand('unroll.trainExperiment', file));
      assert.equal(shown.length, 1);
      assert.doesNotMatch(shown[0] ?? '', /unexpected/i);
    }
  });

  it('leaves the editor and the engine at work', async () => {
    const file = await writeExperiment('after-bad', 1);
    const run = await vscode.commands.executeCommand<string>('unroll.trainExperiment', file);
    assert.equal(typeof run, 'string');
  });
});
