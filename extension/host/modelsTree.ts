import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelDescription } from '../protocol/model';
import { DisposableBase } from './disposable';
import type { Engine } from './engineProcess';
import { sentenceOf, t } from './l10n';

/** A model file, or a line about one. */
export type ModelNode =
  | { readonly kind: 'model'; readonly uri: vscode.Uri }
  | { readonly kind: 'fact'; readonly icon: string; readonly label: string; readonly detail: string };

/** Whether a command was called on a model of the tree. */
export const isModelNode = (value: unknown): value is Extract<ModelNode, { kind: 'model' }> =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'model';

const mostModels = 1000;

/** The tree *Models in this workspace*: every `.onnx` file, those of runs too; a click opens one, and below it stands what it is made of. */
export class ModelsTree extends DisposableBase implements vscode.TreeDataProvider<ModelNode> {
  private readonly changed = this._register(new vscode.EventEmitter<undefined>());
  private timer: NodeJS.Timeout | null = null;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly engine: Engine) {
    super();
    this._register(vscode.window.createTreeView('unroll.models', { treeDataProvider: this, showCollapseAll: true }));
    const watcher = this._register(vscode.workspace.createFileSystemWatcher('**/*.onnx'));
    this._register(watcher.onDidCreate(() => this.soon()));
    this._register(watcher.onDidChange(() => this.soon()));
    this._register(watcher.onDidDelete(() => this.soon()));
    this._register(vscode.workspace.onDidChangeWorkspaceFolders(() => this.soon()));
    this._register({ dispose: () => clearTimeout(this.timer ?? undefined) });
  }

  getTreeItem(node: ModelNode): vscode.TreeItem {
    return node.kind === 'model' ? modelItem(node) : factItem(node.icon, node.label, node.detail);
  }

  async getChildren(node?: ModelNode): Promise<ModelNode[]> {
    if (node === undefined) {
      const files = await vscode.workspace.findFiles('**/*.onnx', '**/node_modules/**', mostModels);
      return files.sort(inOrder).map((uri) => ({ kind: 'model', uri }));
    }
    if (node.kind === 'fact') return [];
    try {
      return factsOf(await this.engine.request('describe', { model: node.uri.fsPath }));
    } catch (error) {
      return [{ kind: 'fact', icon: 'error', label: sentenceOf(error), detail: '' }];
    }
  }

  /** A training writes its model many times; the tree need not follow each. */
  private soon(): void {
    clearTimeout(this.timer ?? undefined);
    this.timer = setTimeout(() => this.changed.fire(undefined), 500);
  }
}

const isOfRun = (uri: vscode.Uri): boolean => uri.path.includes('/.unroll/runs/');

/** The user's own files first, then the models of runs, the newest of them first. */
function inOrder(a: vscode.Uri, b: vscode.Uri): number {
  if (isOfRun(a) !== isOfRun(b)) return isOfRun(a) ? 1 : -1;
  return isOfRun(a) ? b.path.localeCompare(a.path) : a.path.localeCompare(b.path);
}

function modelItem(node: Extract<ModelNode, { kind: 'model' }>): vscode.TreeItem {
  const { uri } = node;
  const item = new vscode.TreeItem(uri, vscode.TreeItemCollapsibleState.Collapsed);
  const folder = path.posix.dirname(uri.path);
  item.id = uri.toString();
  // A run folder is named by when it began and what trained; what trained says more.
  const [, began, name] = /^(\d{8}-\d{6})-(.+)$/.exec(path.posix.basename(folder)) ?? [];
  item.label = isOfRun(uri) && name !== undefined ? name : path.posix.basename(uri.path);
  const within = path.posix.dirname(vscode.workspace.asRelativePath(uri));
  item.description = isOfRun(uri) && began !== undefined ? t('run {0}', began) : within === '.' ? '' : within;
  item.iconPath = new vscode.ThemeIcon('symbol-structure');
  item.contextValue = isOfRun(uri) ? 'model.run' : 'model.file';
  item.command = { command: 'unroll.openModel', title: t('Open in Unroll'), arguments: [node] };
  return item;
}

function factItem(icon: string, label: string, detail: string): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.description = detail;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.tooltip = detail === '' ? label : `${label}: ${detail}`;
  return item;
}

function factsOf(model: ModelDescription): ModelNode[] {
  const fact = (icon: string, label: string, detail: string): ModelNode => ({ kind: 'fact', icon, label, detail });
  const shape = (dims: readonly (number | string)[] | null) => (dims === null ? '' : `[${dims.join(', ')}]`);
  return [
    ...model.inputs.map((port) => fact('arrow-right', port.name, `${port.dtype} ${shape(port.shape)}`)),
    ...model.recurrent.map((layer) => fact('sync', layer.op, t('{0} hidden units', layer.hidden))),
    ...model.outputs.map((port) => fact('arrow-left', port.name, `${port.dtype} ${shape(port.shape)}`)),
    fact(
      'symbol-numeric',
      t('{0} parameters', model.parameters.toLocaleString(vscode.env.language)),
      `opset ${model.opset}`,
    ),
  ];
}
