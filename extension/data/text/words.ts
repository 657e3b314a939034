import { type Characters, readCharacters } from './characters';

/** Words and signs of a running text in lower case; the end of a line is one too. */
const pattern = /\n|\p{L}[\p{L}\p{M}'’]*|\p{N}+|[^\s\p{L}\p{N}]/gu;

/** A text as its words. */
export const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(pattern) ?? [];

/** Reads a text word by word. @throws UnrollError `data` where the file is no text. */
export async function readWords(file: string): Promise<Characters> {
  const characters = await readCharacters(file);
  const { distinct, numbers } = characters;
  const places = new Map<string, number>();
  const found: number[] = [];
  let line: string[] = [];
  const take = () => {
    for (const word of wordsOf(line.join(''))) {
      const place = places.get(word) ?? places.size;
      places.set(word, place);
      found.push(place);
    }
    line = [];
  };
  // Line by line: no word goes on over the end of one.
  for (const number of numbers) {
    const character = distinct[number] ?? '';
    line.push(character);
    if (character === '\n') take();
  }
  take();
  return { ...characters, distinct: [...places.keys()], numbers: Uint32Array.from(found) };
}

const noSpaceBefore = /^[.,;:!?%)\]}’”…\n]/u;
const noSpaceAfter = /[([{“\n]$/u;

/** Words as a text that can be read: what is written without a space before or after it is given none. */
export function joinWords(words: readonly string[], before = ''): string {
  let text = before;
  for (const word of words) {
    const space = text === '' || noSpaceBefore.test(word) || noSpaceAfter.test(text) ? '' : ' ';
    text += space + word;
  }
  return text.slice(before.length);
}
