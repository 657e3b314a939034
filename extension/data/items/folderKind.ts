import { wavsIn } from '../sounds/items';
import { textFilesIn } from '../texts/items';

/**
 * Whether a folder is one of sounds: WAV files are in it or in folders in it, and no more than twice as many texts, which may say what the
 * sounds say. One that strayed among texts does not make them sounds.
 */
export async function holdsSounds(folder: string): Promise<boolean> {
  const sounds = (await wavsIn(folder)).length;
  return sounds > 0 && (await textFilesIn(folder)).length <= 2 * sounds;
}
