import { existsSync } from 'node:fs';
import path from 'node:path';
import { runsFolder } from '../runtime/runs/runFolder';

/** The path that an operand means: itself, or a run of the working folder by the name that `unroll runs` shows. */
export function resolveRun(cwd: string, operand: string): string {
  const file = path.resolve(cwd, operand);
  const run = path.join(runsFolder(cwd), operand);
  return !existsSync(file) && existsSync(run) ? run : file;
}
