import type { Experiment } from '../../../extension/protocol/experiment';
import { writeRecord } from '../../../extension/runtime/runs/record';
import { createRunFolder } from '../../../extension/runtime/runs/runFolder';
import { Trainer } from '../../../extension/runtime/training/trainer';
import { WishFlag } from '../../../extension/runtime/training/wish';

const silent = { epoch() {}, progress() {}, paused() {}, continued() {} };

/** Trains an experiment to its end in this process; what it wrote is in the folder that is given. */
export async function trainedRun(root: string, experiment: Experiment): Promise<string> {
  const trainer = await Trainer.prepare(root, experiment);
  const { fingerprint, shape } = trainer.preparation;
  const { dir } = createRunFolder(root, 'x', new Date(), (folder) => {
    const versions = { unroll: '', onnxruntime: '', node: '' };
    writeRecord(folder, {
      experiment,
      provenance: { created: 0, fingerprint, shape: { ...shape, classCounts: null }, versions, notes: [] },
    });
  });
  await trainer.train(dir, new WishFlag(), silent);
  await trainer.release();
  return dir;
}
