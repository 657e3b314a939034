import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  type Checkpoint,
  readCheckpoint,
  readCheckpointReason,
  writeCheckpoint,
} from '../../../../extension/runtime/runs/checkpoint';
import { newFolder, removeFolders } from '../sampleData';

const checkpoint: Checkpoint = {
  reason: 'paused',
  position: {
    epoch: 3,
    pass: 2,
    step: 35,
    seconds: 1.25,
    sums: { loss: 0.1 + 0.2, mass: 16, gradientNorm: 1 / 3, steps: 2 },
    lastNorm: 1 / 7,
    best: { epoch: 2, validationLoss: 0.7 },
    validationLosses: [0.9, 0.7, 0.1 + 0.7],
  },
  state: new Map([
    ['w', { shape: [2], data: Float32Array.of(1, 2) }],
    ['m.w', { shape: [2], data: Float32Array.of(3, 4) }],
  ]),
  best: new Map([['w', { shape: [2], data: Float32Array.of(5, 6) }]]),
};

describe('runs/checkpoint', () => {
  after(removeFolders);

  it('gives back everything exactly', () => {
    const dir = newFolder();
    assert.equal(readCheckpoint(dir), null);
    assert.equal(readCheckpointReason(dir), null);
    writeCheckpoint(dir, checkpoint);
    assert.deepEqual(readCheckpoint(dir), checkpoint);
    assert.equal(readCheckpointReason(dir), 'paused');
    assert.deepEqual(readdirSync(path.join(dir, 'checkpoint')), ['state.safetensors']);
  });

  it('replaces the one before', () => {
    const dir = newFolder();
    writeCheckpoint(dir, checkpoint);
    writeCheckpoint(dir, { ...checkpoint, reason: 'stopped' });
    assert.equal(readCheckpoint(dir)?.reason, 'stopped');
  });

  it('says so where it is damaged', () => {
    const dir = newFolder();
    writeCheckpoint(dir, checkpoint);
    writeFileSync(path.join(dir, 'checkpoint', 'state.safetensors'), 'nonsense');
    assert.throws(() => readCheckpoint(dir), { code: 'run' });
    assert.equal(readCheckpointReason(dir), null);
  });
});
