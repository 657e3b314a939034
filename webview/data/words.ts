import type { ColumnKind } from '../../extension/protocol/data';
import type { Task } from '../../extension/protocol/experiment';
import type { ColumnRole, DataFacts, ProposalFacts } from '../../extension/protocol/facts';
import type { FolderFacts } from '../../extension/protocol/folderFacts';
import { t } from '../l10n';
import { duration, number, tidy } from '../numbers';

export function kindName(kind: ColumnKind): string {
  return { number: t('number'), time: t('time'), text: t('text'), boolean: t('yes or no') }[kind];
}

/** What a column is called on the page: a header may be empty. */
export const nameOf = (name: string): string => (name.trim() === '' ? t('without a name') : name);

export function roleName(role: ColumnRole): string {
  return {
    target: t('target'),
    feature: t('feature'),
    time: t('time of the rows'),
    series: t('tells sequences apart'),
  }[role];
}

/** The proposal as one sentence. */
export function proposalSentence(
  proposal: Extract<ProposalFacts, { kind: 'task' }>,
  folder: FolderFacts | null,
): string {
  const { task, target, features, horizon, lookback } = proposal;
  if (folder !== null) {
    if (task === 'transcribe') return t('Can be trained to write what each sound says.');
    return folder.holds === 'sounds'
      ? t('Can be trained to tell the class of each sound.')
      : t('Can be trained to tell the class of each text.');
  }
  const read = features.length === 0 ? '' : ` ${t('It reads {0}.', listed(features))}`;
  const sentences: Readonly<Record<Task, () => string>> = {
    forecast: () =>
      (horizon === 1
        ? t('Can be trained to forecast the next {0} from the last {1} rows.', target, lookback)
        : t(
            'Can be trained to forecast the next {0} values of {1} from the last {2} rows.',
            horizon,
            target,
            lookback,
          )) + read,
    classify: () => t('Can be trained to tell the class {0}.', target) + read,
    label: () => t('Can be trained to tell the class {0} of every row.', target) + read,
    language: () => t('Can be trained to write such texts, {0} tokens at a time.', lookback),
    translate: () => t('Can be trained to translate {0} into {1}.', listed(features), target),
    transcribe: () => t('Can be trained to write down {0}.', target) + read,
  };
  return sentences[task]();
}

/** So many names stand in a sentence. */
const mostListed = 5;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostListed).join(t(', '));
  return names.length > mostListed ? t('{0} and {1} more', shown, names.length - mostListed) : shown;
}

/** How large the file is, in words. */
export function sizeOf({ rows, characters, columnCount, bytes, folder }: DataFacts): string {
  if (folder !== null) return sizeOfFolder(folder, bytes);
  const parts =
    characters === null
      ? [
          count(rows, t('1 row'), t('{0} rows', number(rows))),
          count(columnCount, t('1 column'), t('{0} columns', number(columnCount))),
        ]
      : [t('{0} characters', number(characters)), count(rows, t('1 line'), t('{0} lines', number(rows)))];
  return [...parts, byteCount(bytes)].join(' · ');
}

function sizeOfFolder({ holds, files, looked, items, sounds }: FolderFacts, bytes: number): string {
  const isAll = looked === files;
  const many =
    holds === 'sounds'
      ? count(items, t('1 sound'), t('{0} sounds', number(items)))
      : count(items, t('1 text'), t('{0} texts', number(items)));
  return [
    count(files, t('1 file'), t('{0} files', number(files))),
    ...(isAll && (holds === 'texts' || items !== files) ? [many] : []),
    ...(isAll && sounds !== null ? [duration(sounds.seconds)] : []),
    isAll ? byteCount(bytes) : t('about {0}', byteCount(bytes)),
  ].join(' · ');
}

const count = (many: number, one: string, more: string) => (many === 1 ? one : more);

/** A size such as `2.2 KB`, in steps of 1024. */
export function byteCount(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${number(Number((bytes / 1024 ** step).toPrecision(3)), 3).replace(/\.0+$/, '')} ${units[step] ?? 'B'}`;
}

/** A part of a whole such as `12 %`, never 0 for something and never 100 for less than all. */
export function shareOf(part: number, whole: number): string {
  const share = whole === 0 ? 0 : (100 * part) / whole;
  if (share > 0 && share < 0.1) return t('under {0} %', tidy(0.1));
  if (share > 99.9 && share < 100) return t('over {0} %', tidy(99.9));
  return t('{0} %', tidy(Number(share.toFixed(1))));
}

/** The name of a choice of the experiment; one that is not known is called as the file has it. */
export function choiceName(choice: string): string {
  const names: Readonly<Record<string, string>> = {
    task: t('task'),
    'data.time': t('time of the rows'),
    'data.target': t('target'),
    'data.features': t('features'),
    'data.known': t('known ahead'),
    'data.series': t('tells sequences apart'),
    'data.missing': t('missing values'),
    'data.numbers': t('decimal sign'),
    'data.horizon': t('horizon'),
    'data.lookback': t('rows read at once'),
    'data.season': t('season'),
    'data.transform': t('transform'),
    'data.scaler': t('scaling'),
    'data.scaleBy': t('scaled by'),
    'data.moreTargets': t('more targets'),
    'data.gaps': t('gaps in time'),
    'data.resample': t('one row for each'),
    'data.fillLimit': t('values filled in a row'),
    'data.zone': t('time zone'),
    'data.embargo': t('rows between the parts'),
    'data.sound': t('reading of sounds'),
    'data.text': t('reading of texts'),
    'data.split.validation': t('kept for validation'),
    'data.split.test': t('kept for the test'),
  };
  return Object.hasOwn(names, choice) ? (names[choice] ?? choice) : choice.replace(/^data\./, '');
}

/** What is read at once, by what it is counted in. */
export function readAtOnce({ folder, proposal }: DataFacts): string {
  if (folder?.holds === 'sounds') return t('steps read at once');
  const choices = proposal.kind === 'task' ? proposal.choices : [];
  const isOfTokens =
    folder !== null ||
    (proposal.kind === 'task' && proposal.task === 'language') ||
    choices.some(({ choice, value }) => choice === 'data.text' && value !== null);
  return isOfTokens ? t('tokens read at once') : choiceName('data.lookback');
}

/** A choice's value: shares as percent, and nothing as a dash. */
export function choiceValue(choice: string, value: string | number | boolean | null | readonly string[]): string {
  if (value === null) return '\u2013';
  if (typeof value === 'number')
    return choice.startsWith('data.split.') ? t('{0} %', tidy(value * 100)) : number(value);
  if (typeof value === 'boolean') return value ? t('yes') : t('no');
  if (choice === 'data.numbers') return value === 'comma' ? t('comma') : t('point');
  if (typeof value === 'string') return value;
  return value.length === 0 ? t('none') : listed(value);
}
