import { longestTitle, type Mistake, mostMistakes } from '../../protocol/results';

/** Keeps the worst of all mistakes; of equally bad ones the first. */
export class Mistakes {
  private readonly kept: { readonly badness: number; readonly mistake: Mistake }[] = [];

  /** @param make writes the mistake down, for few of them stay */
  add(badness: number, make: () => Mistake): void {
    const last = this.kept.at(-1);
    if (!(badness > (last?.badness ?? Number.NEGATIVE_INFINITY)) && this.kept.length >= mostMistakes) return;
    const place = this.kept.findIndex((each) => each.badness < badness);
    this.kept.splice(place < 0 ? this.kept.length : place, 0, { badness, mistake: make() });
    this.kept.length = Math.min(this.kept.length, mostMistakes);
  }

  read(): readonly Mistake[] {
    return this.kept.map(({ mistake }) => mistake);
  }
}

/** What was read, as long as a report has room for. */
export function shortTitle(title: string | null): string | null {
  if (title === null) return null;
  const characters = Array.from(title);
  return characters.length <= longestTitle ? title : `${characters.slice(0, longestTitle - 1).join('')}…`;
}
