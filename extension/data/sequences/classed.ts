import type { DataProfile } from '../../protocol/data';
import type { CheckedDraft, Task } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import type { Chooser, Guess } from '../choices/chooser';
import { classedDefaults as limits } from '../choices/defaults';
import { classNames, isIndex } from '../choices/guess';
import { query } from '../table/database';
import type { Table, TableColumn } from '../table/table';

/** What tells the sequences of a table apart, and what holds the class of each. */
export interface ClassedColumns {
  readonly series: string;
  readonly target: string;
  readonly sequences: number;
  readonly classes: number;
}

/** The columns and the task that a draft leaves open, where rows make sequences with a class; null where they do not, or something else is asked for. */
export async function chooseClassed(
  table: Table,
  profile: DataProfile,
  { task, data: { series, time = null, target, horizon, known, moreTargets, resample } }: CheckedDraft,
  chooser: Chooser,
): Promise<{ readonly columns: Pick<ClassedColumns, 'series' | 'target'>; readonly task: Guess<Task> } | null> {
  const isAboutClasses = task === 'classify' || (task === undefined && horizon === undefined);
  const isOpen = series === undefined && time === null && !known?.length && !moreTargets?.length && !resample;
  const found = isAboutClasses && isOpen ? await findClassed(table, profile, target) : null;
  if (found === null) return null;
  const why = {
    series: message('Rows with the same {0} stand together, and have the same {1}.', found.series, found.target),
    target: message('{0} is the same all through a sequence.', found.target),
    task: message(
      'The rows make {0} sequences, told apart by {1}, and each has one of {2} classes.',
      found.sequences,
      found.series,
      found.classes,
    ),
  };
  const columns = {
    series: chooser.take<string>('data.series', undefined, () => ({ value: found.series, why: why.series })),
    target: chooser.take('data.target', target, () => ({ value: found.target, why: why.target })),
  };
  return { columns, task: { value: 'classify', why: why.task } };
}

/** A column with about how many values it has, and how often another one follows. */
interface Counted {
  readonly column: TableColumn;
  readonly values: number;
  readonly stretches: number;
}

/**
 * The columns of a table without times whose rows make sequences that have a class: rows with the same value in one stand together, and
 * have the same value in the other, which few values share. Null where there are none. `asked` is the column of classes, where that is known.
 */
export async function findClassed(
  table: Table,
  profile: DataProfile,
  asked: string | undefined,
): Promise<ClassedColumns | null> {
  const { rows, columns } = profile;
  if (columns.some(({ kind }) => kind === 'time')) return null;
  const whole = new Set(columns.filter(({ missing }) => missing === 0).map(({ name }) => name));
  const isClass = ({ name, kind }: TableColumn) =>
    asked === undefined ? kind !== 'number' || classNames.test(name.trim()) : name === asked;
  const open = table.columns.filter(({ name }) => whole.has(name)).slice(0, limits.mostColumns);
  const rest = (used: readonly TableColumn[]) =>
    table.columns.some((column) => column.kind === 'number' && !used.includes(column) && !numbersRows(column, profile));
  if (!open.some(isClass)) return null;
  const counted = await countValues(table, open);
  const apart = counted.filter(
    ({ column, values, stretches }) =>
      column.name !== asked && stretches * limits.fewestRows <= rows && values >= (1 - limits.mostOff) * stretches,
  );
  for (const { column: target, values } of counted.filter(({ column }) => isClass(column))) {
    for (const { column: series, stretches } of apart) {
      if (series === target || values * limits.fewestOfClass > stretches || !rest([series, target])) continue;
      const found = await classesOf(table, series, target);
      if (found !== null && found.sequences === stretches) {
        return { series: series.name, target: target.name, ...found };
      }
    }
  }
  return null;
}

function numbersRows({ name }: TableColumn, { columns, rows }: DataProfile): boolean {
  const at = columns.findIndex((column) => column.name === name);
  const column = columns[at];
  return column !== undefined && isIndex(column, at === 0, rows);
}

async function countValues(
  { connection, source }: Table,
  columns: readonly TableColumn[],
): Promise<readonly Counted[]> {
  const both = columns.map(({ raw }, i) => `${raw} AS c${i}, lag(${raw}) OVER () AS b${i}`);
  const counts = columns.map(
    (_, i) => `approx_count_distinct(c${i}) AS d${i}, count(*) FILTER (c${i} IS DISTINCT FROM b${i}) AS s${i}`,
  );
  const [answer] = await query(
    connection,
    `SELECT ${counts.join(', ')} FROM (SELECT ${both.join(', ')} FROM ${source})`,
  );
  return columns.map((column, i) => ({
    column,
    values: Number(answer?.[`d${i}`]),
    stretches: Number(answer?.[`s${i}`]),
  }));
}

/** How many sequences and classes there are; null where a sequence has several classes, or a class has too few of them. */
async function classesOf({ connection, source }: Table, series: TableColumn, target: TableColumn) {
  const whole = series.kind === 'number' ? `bool_and(${series.raw} = floor(${series.raw}))` : 'true';
  const counts = `count(DISTINCT ${series.raw}) AS own, count(DISTINCT ${target.raw}) AS classes, count(DISTINCT (${series.raw}, ${target.raw})) AS pairs`;
  const [answer] = await query(connection, `SELECT ${counts}, ${whole} AS whole FROM ${source}`);
  const [sequences, classes, pairs] = ['own', 'classes', 'pairs'].map((name) => Number(answer?.[name])) as [
    number,
    number,
    number,
  ];
  const fits = pairs === sequences && classes > 1 && sequences >= limits.fewestOfClass * classes;
  return fits && answer?.['whole'] === true ? { sequences, classes } : null;
}
