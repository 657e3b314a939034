import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { layer } from '../../../../extension/protocol/choices/model';
import { toFailure, UnrollError } from '../../../../extension/protocol/errors';
import type { Experiment } from '../../../../extension/protocol/experiment';
import type { Report } from '../../../../extension/protocol/run';
import { writeCheckpoint } from '../../../../extension/runtime/runs/checkpoint';
import { RunLock } from '../../../../extension/runtime/runs/lock';
import { listRuns, readState, summarise, writeFailure, writeReport } from '../../../../extension/runtime/runs/readRun';
import { readExperimentFile, readRecord, writeRecord } from '../../../../extension/runtime/runs/record';
import { createRunFolder, runFiles } from '../../../../extension/runtime/runs/runFolder';
import { beginning } from '../../../../extension/runtime/training/loop';
import { newFolder, removeFolders, smallExperiment } from '../sampleData';

const provenance = (created: number) => ({
  created,
  fingerprint: 'sha256:0',
  shape: {
    steps: 6,
    input: { kind: 'values' as const, features: 1 },
    targets: 1,
    longest: 0,
    masked: false,
    classCounts: null,
  },
  versions: { unroll: '1', onnxruntime: '2', node: '3' },
  notes: [{ template: 'Seen {0}.', args: [1, 'b'] }],
});

function makeRun(root: string, experiment: Experiment, created = 1): string {
  const fill = (dir: string) => writeRecord(dir, { experiment, provenance: provenance(created) });
  return createRunFolder(root, experiment.name, new Date(), fill).dir;
}

const report: Report = {
  task: 'forecast',
  provider: 'cpu',
  bestEpoch: 1,
  seconds: 1,
  windows: { train: 1, validation: 1, test: 1 },
  test: { rmse: 1 },
  baselines: {},
  verdict: { template: 'Good.', args: [] },
};

describe('runs/readRun', () => {
  after(removeFolders);

  it('knows from the folder alone where a run stands', async () => {
    const root = newFolder();
    const dir = makeRun(root, await smallExperiment(root));
    assert.equal(readState(dir).kind, 'interrupted');
    const lock = RunLock.acquire(dir);
    assert.equal(readState(dir).kind, 'training');
    lock.release();
    const checkpoint = { position: beginning, state: new Map(), best: new Map() };
    for (const [reason, state] of [
      ['running', { kind: 'interrupted', goesOn: false }],
      ['paused', { kind: 'interrupted', goesOn: false }],
      ['interrupted', { kind: 'interrupted', goesOn: false }],
      ['closed', { kind: 'interrupted', goesOn: true }],
      ['stopped', { kind: 'stopped' }],
    ] as const) {
      writeCheckpoint(dir, { ...checkpoint, reason });
      assert.deepEqual(readState(dir), state, reason);
    }
    const failure = toFailure(new UnrollError('storage', 'Full {0}.', 'disk'));
    writeFailure(dir, failure);
    assert.deepEqual(readState(dir), { kind: 'failed', failure });
    writeReport(dir, report);
    assert.deepEqual(readState(dir), { kind: 'done' });
    assert.deepEqual(summarise(dir).report, report);
  });

  it('lists runs, newest first, and leaves out what is none', async () => {
    const root = newFolder();
    assert.deepEqual(listRuns(root), []);
    const experiment = await smallExperiment(root);
    const layers = [layer.parse({ cell: 'gruResetBefore', hidden: 64 }), layer.parse({ cell: 'rnnRelu', hidden: 8 })];
    const old = makeRun(root, experiment, 1);
    const young = makeRun(root, { ...experiment, model: { ...experiment.model, layers } }, 2);
    const damaged = makeRun(root, experiment, 3);
    writeFileSync(runFiles(damaged).experiment, '{"version": 1');
    mkdirSync(path.join(root, '.unroll', 'runs', 'empty'));
    writeFileSync(path.join(root, '.unroll', 'runs', 'file'), '');
    const found = listRuns(root);
    assert.deepEqual(
      found.map(({ dir }) => dir),
      [young, old],
    );
    assert.deepEqual(
      found.map(({ model }) => model),
      ['GRU (reset before) 64 · RNN (relu) 8', 'GRU 6'],
    );
  });

  it('keeps where a run came from beside its experiment', async () => {
    const root = newFolder();
    const experiment = await smallExperiment(root);
    const dir = makeRun(root, experiment);
    assert.deepEqual(readRecord(dir), { experiment, provenance: provenance(1) });
    assert.deepEqual(readExperimentFile(runFiles(dir).experiment), experiment);
    rmSync(runFiles(dir).experiment);
    assert.throws(() => readRecord(dir), { code: 'run' });
    assert.throws(() => readExperimentFile(runFiles(dir).experiment), { code: 'experiment' });
  });
});
