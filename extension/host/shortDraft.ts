import { isDeepStrictEqual } from 'node:util';
import type { Draft, Experiment, Task } from '../protocol/experiment';

type Tree = Record<string, unknown>;

/** What is read of the JSON schema of drafts. */
interface Schema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const forecasts = ['data.horizon', 'data.known', 'data.scaleBy', 'data.season', 'data.transform', 'model.anchor'];
const tables = ['data.time', 'data.target', 'data.features', 'data.missing', 'data.scaler'];
const tokens = ['model.embedding'];
/** What is asked for where texts are read. */
const ofTexts: ReadonlySet<string> = new Set(tokens);
/** What the data and the model of a task are never asked for, though every experiment has an answer. */
const unasked: Readonly<Record<Task, readonly string[]>> = {
  forecast: tokens,
  classify: [...forecasts, ...tokens],
  label: [...forecasts, ...tokens],
  language: [...forecasts, ...tables],
  transcribe: [...forecasts, ...tokens],
  translate: [
    'data.known',
    'data.season',
    'data.transform',
    'data.time',
    'data.missing',
    'data.scaler',
    'model.anchor',
  ],
};

/** What depends on the data where texts or sounds are read, so that it is said even where it is what it usually is elsewhere. */
function decided({ task, data }: Pick<Experiment, 'task' | 'data'>): readonly string[] {
  if (task === 'language') return [...tokens, 'model.dropout', 'training.schedule', 'training.truncate'];
  if (data.text === null && data.sound === null) return [];
  return [
    ...(data.text === null ? [] : tokens),
    ...(task === 'classify' ? ['model.pooling'] : []),
    'model.dropout',
    'training.schedule',
  ];
}

/**
 * An experiment as a person keeps it: every choice that depends on the data stands there to be changed. What is as it always is unless
 * asked for, what the task never asks for, and what belongs to one machine is left out.
 *
 * @param schema JSON schema of drafts, as text: a choice that has a default there is always as it says.
 */
export function draftOf({ device: _device, ...experiment }: Experiment, schema: string): Draft {
  const short = withoutDefaults(experiment, JSON.parse(schema) as Schema) as Tree;
  for (const path of decided(experiment)) {
    const [part, name] = path.split('.') as ['model' | 'training', string];
    const tree = short[part];
    if (isTree(tree) && !(name in tree)) tree[name] = (experiment[part] as Tree)[name];
  }
  const never = unasked[experiment.task].filter((path) => experiment.data.text === null || !ofTexts.has(path));
  for (const path of never) remove(short, path.split('.'));
  // One series needs no word, and nothing to be said of several.
  if (experiment.data.series === null) for (const name of ['series', 'scaleBy']) remove(short, ['data', name]);
  const { optimizer } = experiment.training;
  if (optimizer.name !== 'sgd' && optimizer.momentum === 0) remove(short, ['training', 'optimizer', 'momentum']);
  return short as unknown as Draft;
}

function withoutDefaults(value: unknown, schema: Schema): unknown {
  const { properties, items } = schema.anyOf?.find((option) => option.properties ?? option.items) ?? schema;
  if (Array.isArray(value)) return items === undefined ? value : value.map((each) => withoutDefaults(each, items));
  if (!isTree(value)) return value;
  const kept: Tree = {};
  for (const [name, inner] of Object.entries(value)) {
    const field = properties?.[name] ?? {};
    if ('default' in field && isDeepStrictEqual(inner, field.default)) continue;
    const short = withoutDefaults(inner, field);
    const isEmpty = isTree(short) && Object.keys(short).length === 0;
    if (!isEmpty) kept[name] = short;
  }
  return kept;
}

function remove(tree: Tree, [name = '', ...rest]: readonly string[]): void {
  const value = tree[name];
  if (rest.length === 0) delete tree[name];
  else if (isTree(value)) remove(value, rest);
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
