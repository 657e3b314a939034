import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import { extension } from './editor';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when: string }[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly keybindings: readonly { readonly command: string }[];
  };
}

const native = /onnxruntime|duckdb/i;

/** The native libraries of ours that this process has loaded. */
function nativeLibraries(): readonly string[] {
  const report = process.report?.getReport() as { readonly sharedObjects?: readonly string[] } | undefined;
  return (report?.sharedObjects ?? []).filter((file) => native.test(file));
}

/** Settles when the extension host has done what it does at its start: three short timers in a row come in time. */
async function quiet(): Promise<void> {
  for (let inTime = 0; inTime < 3; ) {
    const start = performance.now();
    await pause(100);
    inTime = performance.now() - start < 120 ? inTime + 1 : 0;
  }
}

// The suites run in the order of their names: this one finds the extension as the editor started it.
describe('activation', () => {
  const manifest = () => extension().packageJSON as Manifest;

  it('takes less than 100 ms, loads no native module, and starts no engine', async () => {
    assert.equal(extension().isActive, false, 'nothing in this workspace calls for the extension');
    await quiet();
    const cpu = process.cpuUsage();
    const start = performance.now();
    const { enginePid } = await extension().activate();
    const wall = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    // On a machine that is busy with other things the clock counts those too; the processor time of this process does not.
    const took = Math.min(wall, (user + system) / 1000);
    assert.ok(took < 100, `activation took ${took.toFixed(0)} ms`);
    assert.deepEqual(nativeLibraries(), []);
    assert.equal(enginePid(), undefined);
  });

  it('registers every command that is declared, and declares every one that it registers', async () => {
    const declared = manifest().contributes.commands.map(({ command }) => command);
    const views = Object.values(manifest().contributes.views).flat();
    const ofViews = (command: string) => views.some(({ id }) => command.startsWith(`${id}.`));
    const registered = (await vscode.commands.getCommands(true)).filter(
      (command) => /^unroll\./.test(command) && !ofViews(command),
    );
    assert.deepEqual(registered.sort(), [...declared].sort());
  });

  it('has no menu, key or palette entry of a command that is not declared', () => {
    const { commands, menus, keybindings } = manifest().contributes;
    const declared = new Set(commands.map(({ command }) => command));
    const used = [...Object.values(menus).flat(), ...keybindings].map(({ command }) => command);
    assert.deepEqual(
      used.filter((command) => !declared.has(command)),
      [],
    );
  });

  it('shows its views, still without an engine while there are no runs', async () => {
    for (const view of ['unroll.runs', 'unroll.models', 'unroll.inspector']) {
      await vscode.commands.executeCommand(`${view}.focus`);
    }
    assert.deepEqual(await extension().exports.runs(), []);
    assert.equal(extension().exports.enginePid(), undefined);
  });
});
