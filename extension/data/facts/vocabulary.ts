import type { Frequencies, VocabularyFacts } from '../../protocol/facts';
import { wordsOf } from '../text/words';
import { factLimits as limits, shortened } from './limits';
import type { FactColumn, Rows } from './rows';

/** Counts the characters and the words of texts that come piece by piece, as far as is bearable. */
export class VocabularyCounter {
  private readonly characters = new Map<string, number>();
  private readonly words = new Map<string, number>();
  private read = 0;
  private wordTotal = 0;

  /** Whether no more is read. */
  get isFull(): boolean {
    return this.read >= limits.vocabularyCharacters || this.words.size >= limits.differentWords;
  }

  /** Takes a text; no word goes on in the next one. */
  add(text: string): void {
    for (const character of text) {
      this.read++;
      this.characters.set(character, (this.characters.get(character) ?? 0) + 1);
    }
    for (const word of wordsOf(text)) {
      // The end of a line is a word to a model, and none to a reader.
      if (word === '\n') continue;
      this.wordTotal++;
      const key = shortened(word);
      this.words.set(key, (this.words.get(key) ?? 0) + 1);
    }
  }

  facts(columns: readonly string[] | null, isWhole: boolean): VocabularyFacts {
    return {
      columns,
      read: this.read,
      isWhole,
      characters: frequencies(this.characters, this.read),
      words: frequencies(this.words, this.wordTotal),
    };
  }
}

function frequencies(counts: ReadonlyMap<string, number>, total: number): Frequencies {
  const order = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const counted = order.map(([value, count]) => ({ value, count }));
  const rest = counted.slice(limits.topTokens);
  return {
    total,
    different: counts.size,
    top: counted.slice(0, limits.topTokens),
    rarest: rest.slice(-limits.rarestTokens).reverse(),
    once: counted.filter(({ count }) => count === 1).length,
  };
}

/** What the texts of columns are written with. */
export async function vocabularyOf(rows: Rows, columns: readonly FactColumn[]): Promise<VocabularyFacts | null> {
  const texts = columns.filter(({ kind }) => kind === 'text');
  if (texts.length === 0) return null;
  const counter = new VocabularyCounter();
  const list = texts.map(({ value }) => value).join(', ');
  const result = await rows.table.connection.stream(`SELECT ${list} FROM ${rows.source}`);
  let isWhole = true;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    for (let row = 0; row < chunk.rowCount && isWhole; row++) {
      for (let i = 0; i < texts.length; i++) {
        const text = chunk.getColumnVector(i).getItem(row);
        if (typeof text === 'string') counter.add(text);
      }
      isWhole = !counter.isFull;
    }
    if (!isWhole) break;
  }
  return counter.facts(
    texts.map(({ name }) => shortened(name)),
    isWhole,
  );
}
