import { type Editable, openEditable } from '../edited';
import type { Source } from '../inspected';

/** The last model whose states were changed stays ready, because one change is mostly followed by another. */
export class Editables<T> {
  private last: { readonly source: Source<T>; readonly editable: Editable } | null = null;

  /** @throws UnrollError as `openEditable`, and where the model's file is another one by now. */
  async of(source: Source<T>): Promise<Editable> {
    if (this.last?.source === source) return this.last.editable;
    await this.release();
    const editable = await openEditable(source.model(), source.feeds, source.item);
    this.last = { source, editable };
    return editable;
  }

  private async release(): Promise<void> {
    const { last } = this;
    this.last = null;
    await last?.editable.release();
  }
}
