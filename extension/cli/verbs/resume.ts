import { readRecord } from '../../runtime/runs/record';
import { checkRun } from '../../runtime/runs/runFolder';
import { Training } from '../../runtime/training/training';
import { type Command, jsonOption } from '../command';
import { follow } from '../follow';
import { resolveRun } from '../operands';
import { workerFile } from '../workerFile';

export const resume: Command = {
  verb: 'resume',
  synopsis: 'resume <run>',
  summary: 'Goes on with a run that was stopped or killed, as if it had never ended.',
  operands: { least: 1, most: 1 },
  options: [jsonOption],
  run({ operands: [run = ''], cwd, output }) {
    const dir = checkRun(resolveRun(cwd, run));
    const { epochs } = readRecord(dir).experiment.training;
    return follow(output, epochs, (listener, signal) => Training.resume(workerFile, dir, listener, signal));
  },
};
