import type { Remark } from '../../protocol/model';
import { cut, longestName } from './texts';

const longestRemark = 4_000;
/** A remark of our own needs no more; what is longer is a program's, or a story. */
const shortRemark = 500;

/** Where files lie on somebody's machine, and where in a program a node came from. */
const telltale = /Traceback|File "|\.py\b|(^|[\s"'(=:,[])(~?\/[\w.@-]+\/|[A-Za-z]:[\\/]|\\\\\w)/;

/** What a file says of itself in pairs of key and value; what tells of its maker's machine is sensitive. */
export function remarksOf(pairs: Iterable<readonly [name: string, value: string]>): readonly Remark[] {
  return [...pairs].map(([name, value]) => ({
    name: cut(name, longestName),
    value: cut(value, longestRemark),
    sensitive: isSensitive(name) || isSensitive(value),
  }));
}

const isSensitive = (text: string) => text.length > shortRemark || telltale.test(text);
