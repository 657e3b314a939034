import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extension } from './editor';

type Ask = 'showQuickPick' | 'showWarningMessage' | 'showInformationMessage';

/** Answers a question of the editor while `act` runs, and tells what was asked. */
async function answering(ask: Ask, answer: (asked: never) => unknown, act: () => Promise<unknown>): Promise<unknown[]> {
  const asked: unknown[] = [];
  const original = Object.getOwnPropertyDescriptor(vscode.window, ask);
  assert.ok(original);
  const value = (question: never) => {
    asked.push(question);
    return Promise.resolve(answer(question));
  };
  Object.defineProperty(vscode.window, ask, { ...original, value });
  try {
    await act();
  } finally {
    Object.defineProperty(vscode.window, ask, original);
  }
  return asked;
}

interface Item extends vscode.QuickPickItem {
  readonly provider: string;
  readonly problem: object | null;
}

const provider = () => vscode.workspace.getConfiguration('unroll').get<string>('device.provider');

/** Runs Select Device and takes the item that `pick` finds. */
async function select(pick: (items: readonly Item[]) => Item | undefined): Promise<readonly Item[]> {
  const command = async () => vscode.commands.executeCommand('unroll.selectDevice');
  const [items] = await answering('showQuickPick', pick, command);
  return items as readonly Item[];
}

describe('devices', () => {
  const selected = (name: string) => select((items) => items.find((item) => item.provider === name));

  after(() => vscode.workspace.getConfiguration('unroll').update('device.provider', undefined, true));

  it('are each offered with what it is good for or why it does not work', async () => {
    const items = await select(() => undefined);
    assert.deepEqual(
      items.slice(0, 2).map(({ label, description }) => [label, description]),
      [
        ['Automatic', 'current'],
        ['CPU', undefined],
      ],
    );
    for (const { detail = '', label } of items) assert.match(detail, /^.{20,}\.$/, label);
    assert.equal(provider(), 'auto');
  });

  it('are selected where they work', async () => {
    await selected('cpu');
    assert.equal(provider(), 'cpu');
    const items = await selected('auto');
    assert.equal(items.find((item) => item.provider === 'cpu')?.description, 'current');
    assert.equal(provider(), 'auto');
  });

  it('are not selected where they do not work, and say why', async function () {
    const broken = (await select(() => undefined)).find(({ problem }) => problem !== null);
    if (broken === undefined) this.skip();
    const warned = await answering(
      'showWarningMessage',
      () => undefined,
      () => selected(broken.provider),
    );
    assert.deepEqual(warned, [broken.detail]);
    assert.equal(provider(), 'auto');
  });

  it('get no CUDA libraries without consent', async () => {
    await extension().activate();
    const asked = await answering(
      'showInformationMessage',
      () => undefined,
      async () => {
        await vscode.commands.executeCommand('unroll.setUpCuda');
      },
    );
    assert.deepEqual(asked, ['Download the CUDA libraries of onnxruntime?']);
  });
});
