import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('the extension host', () => {
  it('works on a copy of the fixture workspace, not on the checkout', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    assert.equal(folder.name, 'workspace');
    const files = await vscode.workspace.findFiles('*.csv');
    assert.deepEqual(
      files.map((file) => vscode.workspace.asRelativePath(file)).filter((name) => name.startsWith('airline')),
      ['airline-passengers.csv'],
    );
    const extension = vscode.extensions.getExtension('unroll.unroll');
    assert.ok(extension, 'the extension under development is there');
    assert.ok(!folder.uri.fsPath.startsWith(extension.extensionUri.fsPath));
  });
});
