import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder that lives as long as the suite that asks for it; to be called inside `describe`. */
export function temporaryFolder(): { readonly path: string; write(name: string, content: string | Buffer): string } {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'unroll-test-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return {
    get path() {
      return folder;
    },
    write(name, content) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
  };
}
