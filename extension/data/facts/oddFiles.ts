import type { FolderFacts, OddFile } from '../../protocol/folderFacts';
import type { Message } from '../../protocol/messages';
import { factLimits as limits, shortened } from './limits';

/** Files of which something is to be known, as many as can be shown. */
export class OddFiles {
  private readonly named: OddFile[] = [];
  private count = 0;

  add(name: string, why: Message): void {
    this.count++;
    if (this.named.length < limits.oddFiles) this.named.push({ name: shortened(name), why });
  }

  facts(): Pick<FolderFacts, 'odd' | 'moreOdd'> {
    return { odd: this.named, moreOdd: this.count - this.named.length };
  }
}
