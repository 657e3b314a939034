import { clip } from '../diagram/text';

const longest = 48;

/** The name of a signal within a sentence or a list: a file may call it as it likes, and as long. */
export const signalName = (name: string): string => clip(name, longest);
