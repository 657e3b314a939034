import type { DuckDBConnection } from '@duckdb/node-api';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { identifier, literal, query, type RawColumn } from './database';

/** Which sign stands before the decimals of a number; the other one, spaces and apostrophes may part its thousands. */
export type DecimalMark = NonNullable<Experiment['data']['numbers']>;

/** How the numbers of a text file are written, and what told. */
export interface NumberFormat {
  readonly mark: DecimalMark;
  /** Whether the file told, so that it is worth to be kept. */
  readonly told: boolean;
  readonly why: Message;
}

/** Columns of text that hold numbers, and what is to be said of them. */
export interface NumberColumns {
  readonly format: NumberFormat;
  /** Of every column of text that holds nothing but numbers and signs for what is missing. */
  readonly marks: ReadonlyMap<string, DecimalMark>;
  readonly notes: readonly Message[];
}

const otherMark = { point: 'comma', comma: 'point' } as const;

const spaces = ' \u00a0\u2009\u202f';
const apostrophes = `'’`;

/** What stands for no number in a column of numbers; in a column of words some of these are words. */
const absent =
  '[-+]?(inf(inity)?|nan)|n/?a|n\\.a\\.|null|none|nil|missing|\\.{1,3}|[-–—]{1,3}|\\?|#(n/?a|div/0!|value!|ref!|num!|null!|name\\?)|[-+]?1[.,]#(inf|ind|qnan|nan)(00)?';

/** One number as a whole, whose thousands are parted alike. A leading zero makes a code, and none of its groups is a thousand. */
function pattern(mark: DecimalMark): string {
  const decimal = mark === 'comma' ? ',' : '\\.';
  const groups = [mark === 'comma' ? '\\.' : ',', `[${spaces}]`, `[${apostrophes}]`];
  const thousands = groups.map((group) => `[1-9]\\d{0,2}(?:${group}\\d{3})+`);
  const whole = `(?:0|[1-9]\\d*|${thousands.join('|')})`;
  return `\\s*[-+−]?(?:${whole}(?:${decimal}\\d*)?|${decimal}\\d+)(?:[eE][-+]?\\d+)?\\s*`;
}

const fits = (text: string, mark: DecimalMark) => `regexp_full_match(${text}, ${literal(pattern(mark))})`;
const isAbsent = (text: string) => `regexp_full_match(${text}, ${literal(`\\s*(?:${absent})\\s*`)}, 'i')`;

/** SQL of a text as a DOUBLE; NULL where it is none. */
export function numberSql(text: string, mark: DecimalMark): string {
  const parted = `translate(${text}, ${literal(`${mark === 'comma' ? '.' : ','}${spaces}${apostrophes}`)}, '')`;
  const plain = `replace(replace(${parted}, '−', '-'), ${mark === 'comma' ? `',', '.'` : `'', ''`})`;
  return `CASE WHEN ${fits(text, mark)} THEN TRY_CAST(${plain} AS DOUBLE) END`;
}

/** In a very wide table numbers are looked for among the first columns of text only; each costs a few expressions. */
const mostColumnsTried = 256;

/** A column of text of whose first rows so large a part is numbers may be meant as one. */
const mostlyNumbers = 0.8;

interface Counts {
  readonly name: string;
  /** Values, those that stand for none, and those that are numbers with either mark. */
  readonly total: number;
  readonly absent: number;
  readonly point: number;
  readonly comma: number;
  /** A number with one mark that is none with the other. */
  readonly pointOnly: string | null;
  readonly commaOnly: string | null;
  /** A number with either, which is another one with the other, such as 1,234. */
  readonly either: string | null;
}

/**
 * Finds the columns of text that hold numbers. `wanted` is what a person or a model says of the file; null lets the file tell. `plain`
 * tells that the file has numbers with a point that were recognised already, `semicolons` that its fields stand between semicolons, as
 * where the comma is taken.
 */
export async function findNumbers(
  columns: readonly RawColumn[],
  source: string,
  connection: DuckDBConnection,
  wanted: DecimalMark | null,
  { plain, semicolons }: { readonly plain: boolean; readonly semicolons: boolean },
): Promise<NumberColumns> {
  const names = columns
    .filter(({ type }) => type === 'VARCHAR')
    .slice(0, mostColumnsTried)
    .map(({ name }) => name);
  const first = await countsOf(names, `(SELECT * FROM ${source} LIMIT 100)`, connection);
  const likely = first.filter(
    ({ total, absent, point, comma }) => absent + Math.max(point, comma) >= mostlyNumbers * total,
  );
  const counted = await countsOf(
    likely.map(({ name }) => name),
    source,
    connection,
  );
  const { format, notes } = formatOf(counted, wanted, plain, semicolons);
  const marks = new Map<string, DecimalMark>();
  const said: Message[] = [];
  for (const each of counted) {
    const { name, total, absent, point, comma } = each;
    const isWhole = (mark: DecimalMark) => {
      const numbers = mark === 'comma' ? comma : point;
      return numbers > 0 && numbers + absent === total;
    };
    // What cannot be a number in the one way can be one in the other.
    const mark = [format.mark, otherMark[format.mark]].find(isWhole);
    if (mark !== undefined) {
      marks.set(name, mark);
      if (mark !== format.mark) {
        const example = (mark === 'comma' ? each.commaOnly : each.pointOnly) ?? '';
        said.push(message('{0} holds {1} and is read with its own decimal sign.', name, example));
      }
      if (absent > 0) said.push(message('{0} values of {1} stand for no number and count as missing.', absent, name));
    } else if (total > 0 && Math.max(point, comma) >= mostlyNumbers * total) {
      said.push(await noteOnOdd(name, format.mark, source, connection));
    }
  }
  return { format, marks, notes: [...notes, ...said] };
}

async function countsOf(names: readonly string[], source: string, connection: DuckDBConnection): Promise<Counts[]> {
  if (names.length === 0) return [];
  const each = names.map((name, i) => {
    const text = `CAST(${identifier(name)} AS VARCHAR)`;
    const [point, comma] = [fits(text, 'point'), fits(text, 'comma')];
    const example = (filter: string) => `left(any_value(${text}) FILTER (${filter}), 40)`;
    return [
      `count(${text}) AS n${i}`,
      `count(*) FILTER (${isAbsent(text)}) AS a${i}`,
      `count(*) FILTER (${point}) AS p${i}`,
      `count(*) FILTER (${comma}) AS c${i}`,
      `${example(`${point} AND NOT ${comma}`)} AS q${i}`,
      `${example(`${comma} AND NOT ${point}`)} AS d${i}`,
      `${example(`${point} AND ${comma} AND regexp_matches(${text}, '[.,]')`)} AS e${i}`,
    ].join(', ');
  });
  const [answer] = await query(connection, `SELECT ${each.join(', ')} FROM ${source}`);
  const at = (key: string) => Number(answer?.[key] ?? 0);
  const said = (key: string) => (typeof answer?.[key] === 'string' ? String(answer[key]).trim() : null);
  return names.map((name, i) => ({
    name,
    total: at(`n${i}`),
    absent: at(`a${i}`),
    point: at(`p${i}`),
    comma: at(`c${i}`),
    pointOnly: said(`q${i}`),
    commaOnly: said(`d${i}`),
    either: said(`e${i}`),
  }));
}

/** How the numbers of a file are written, and what is to be said of it. */
function formatOf(
  counted: readonly Counts[],
  wanted: DecimalMark | null,
  plain: boolean,
  semicolons: boolean,
): { readonly format: NumberFormat; readonly notes: readonly Message[] } {
  const numbers = counted.filter(({ total, absent, point, comma }) => absent + Math.max(point, comma) === total);
  const withComma = numbers.filter(({ commaOnly, pointOnly }) => commaOnly !== null && pointOnly === null);
  const withPoint = numbers.filter(({ commaOnly, pointOnly }) => pointOnly !== null && commaOnly === null);
  const [comma] = withComma;
  const [point] = withPoint;
  const isComma = comma !== undefined && withComma.length >= withPoint.length + (plain ? 1 : 0);
  if (isComma && wanted !== 'point') {
    const why = message(
      '{0} holds {1}, which is a number only with a decimal comma.',
      comma.name,
      comma.commaOnly ?? '',
    );
    return { format: { mark: 'comma', told: true, why }, notes: [why] };
  }
  if (wanted !== null)
    return { format: { mark: wanted, told: false, why: message('The experiment says so.') }, notes: [] };
  if (point !== undefined) {
    const why = message(
      '{0} holds {1}, which is a number only with a decimal point.',
      point.name,
      point.pointOnly ?? '',
    );
    return { format: { mark: 'point', told: true, why }, notes: [] };
  }
  const unsure = numbers.find(({ either }) => either !== null);
  const none = message('No number has a decimal comma.');
  if (unsure === undefined || plain) return { format: { mark: 'point', told: false, why: none }, notes: [] };
  const { name, either } = unsure;
  // Where the comma parts fields, a number that needs quotes for its comma has it for the thousands.
  const mark = semicolons && either?.includes(',') === true ? 'comma' : 'point';
  const why = unsureNote(name, either ?? '', mark);
  return { format: { mark, told: false, why }, notes: [why] };
}

function unsureNote(name: string, example: string, mark: DecimalMark): Message {
  return mark === 'comma'
    ? message(
        '{0} holds {1}, in which the comma is taken to stand before decimals; if it parts thousands, set data.numbers to "point".',
        name,
        example,
      )
    : message(
        '{0} holds {1}, which is read with a decimal point; if its numbers have a decimal comma, set data.numbers to "comma".',
        name,
        example,
      );
}

/** What keeps a column of numbers from being one. */
async function noteOnOdd(
  name: string,
  mark: DecimalMark,
  source: string,
  connection: DuckDBConnection,
): Promise<Message> {
  const text = `CAST(${identifier(name)} AS VARCHAR)`;
  const lines = `SELECT row_number() OVER () AS line, ${text} AS text FROM ${source}`;
  const [odd] = await query(
    connection,
    `SELECT line, text FROM (${lines}) WHERE NOT ${fits('text', mark)} AND NOT ${isAbsent('text')} LIMIT 1`,
  );
  const { line, text: value } = odd ?? {};
  return message(
    '{0} is read as text: most of its values are numbers, but row {1} holds "{2}".',
    name,
    Number(line ?? 0),
    String(value ?? '').slice(0, 40),
  );
}
