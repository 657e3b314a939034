/** What onnxruntime writes before the node that it was about, and after it; of nodes in bodies the innermost comes last. */
const [running, status, stack] = [
  'Non-zero status code returned while running ',
  "' Status Message: ",
  '\nStacktrace:',
];
const named = /^(\S+) node\. Name:'(.*)$/s;
const longestName = 100;
/** Longer words, which hold endless names, are not searched. */
const mostSearched = 4000;
/** A file of onnxruntime's source, with a line. */
const place = /(?:[A-Za-z]:)?[\w./\\+-]*\.(?:cc|cpp|cu|cuh|h|hpp):\d+\s+/;
const condition = /^.*?\bwas false\.\s+/s;

/**
 * What matters of onnxruntime's own words, on one line: the node, and what is wrong with it. Left out are where in onnxruntime's source it
 * arose, the condition that did not hold, and the stack.
 */
export function reasonIn(words: string): string {
  const said = words.slice(0, before(words, stack)).trim();
  const end = said.lastIndexOf(status);
  const start = end < 0 ? -1 : said.lastIndexOf(running, end);
  const [, op, name = ''] = start < 0 ? [] : (named.exec(said.slice(start + running.length, end)) ?? []);
  const rest = said.slice(end < 0 ? 0 : end + status.length).slice(0, mostSearched);
  const at = place.exec(rest);
  const ahead = at === null ? rest : rest.slice(0, at.index);
  const bare = at === null ? '' : withoutSignature(rest.slice(at.index + at[0].length)).trim();
  const why = bare.replace(condition, '').trim() || bare;
  const line = onOneLine(`${ahead} ${why}`).replace(' Please fix either the inputs/outputs or the model.', '');
  if (line === '') return onOneLine(said);
  if (op === undefined) return line;
  return `${op} "${name.length > longestName ? `${name.slice(0, longestName)}…` : name}": ${line}`;
}

/** Takes off the signature of a C++ function, which ends where the parentheses of its parameters do. */
function withoutSignature(text: string): string {
  const open = text.replace('(anonymous namespace)', '-anonymous-namespace-').indexOf('(');
  if (open < 0 || !text.slice(0, open).includes('::')) return text;
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '(') depth++;
    if (text[i] === ')') depth--;
    if (depth === 0) return text.slice(i + 1).replace(/^(?: const\b)?(?: \[with [^\]]*\])?/, '');
  }
  return text;
}

/** Where a text has some words, or its length. */
function before(text: string, words: string): number {
  const at = text.indexOf(words);
  return at < 0 ? text.length : at;
}

const onOneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
