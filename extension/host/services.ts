import type * as vscode from 'vscode';
import type { DataPanels } from './dataPanels';
import type { EngineProcess } from './engineProcess';
import type { Inspection } from './inspection';
import type { ModelEditors } from './modelEditors';
import type { RunList } from './runList';
import type { RunPanels } from './runPanels';

/** What the commands and views share; made once, when the extension is activated. */
export interface Services {
  /** The folder that the extension is installed in. */
  readonly extension: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly engine: EngineProcess;
  readonly runs: RunList;
  readonly inspection: Inspection;
  readonly panels: RunPanels;
  readonly models: ModelEditors;
  readonly data: DataPanels;
  /** The run selected in the tree *Runs*. */
  readonly selectedRun: () => string | null;
}
