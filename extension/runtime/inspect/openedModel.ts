import { describeOutline } from '../../core/describe/describeModel';
import { readMetadata } from '../../core/onnx/metadata';
import { readModel, readOutline } from '../../core/onnx/read';
import { findRecurrences } from '../../core/recurrences/findRecurrences';
import { nestedRecurrences } from '../../core/recurrences/hindered';
import { type Tensor, toNumbers } from '../../core/tensor';
import { UnrollError } from '../../protocol/errors';
import type { InputWish, ModelPurpose, OpenedModel } from '../../protocol/model';
import type { ModelTrace, Trace, TraceSignal } from '../../protocol/trace';
import { decodeMetadata, type ModelMetadata } from '../export/metadata';
import { toOrt, type Values } from '../session/session';
import { type ChosenInputs, chosenInputs } from './chosenInputs';
import { inOnePiece } from './externalFiles';
import { withModelFile } from './fileBytes';
import { type InputRole, inputRoles } from './inputRoles';
import { changedModel, type Inspected, stillWanted, versionOf } from './inspected';
import { freeSizes } from './madeInputs';
import { readModel as readFile, traceWhole } from './modelFile';
import { answering, onOneAxis } from './stepAxis';
import { type ItemAxes, itemOf, outputAxes } from './stepValues';
import { tokenChoices } from './tokenChoices';

/**
 * What the editor of a model file shows before anything goes through it. Its weights are not read.
 * @throws UnrollError `model` where the file is none.
 */
export function openModel(file: string): OpenedModel {
  return withModelFile(file, (source) => {
    const outline = readOutline(source);
    const recurrences = findRecurrences(outline.graph);
    const description = describeOutline(outline, recurrences);
    const metadata = ownMetadata(description.metadata, file);
    const roles = inputRoles(outline.graph, recurrences);
    const reads = (kind: InputRole['kind']) => roles.some((role) => role.kind === kind && role.steps !== null);
    return {
      description,
      purpose: metadata && purposeOf(metadata),
      free: freeSizes(roles),
      reads: { rows: reads('values'), text: reads('tokens'), vocabulary: (metadata?.vocabulary ?? null) !== null },
    };
  });
}

const purposeOf = ({ task, target, moreTargets, columns, lookback, horizon }: ModelMetadata): ModelPurpose => ({
  task,
  target,
  moreTargets,
  columns,
  lookback,
  horizon,
});

/** What a file of ours says of itself; null for other files, which do not say. */
function ownMetadata(metadata: Readonly<Record<string, string>>, file: string): ModelMetadata | null {
  try {
    return decodeMetadata(metadata, file);
  } catch (error) {
    if (error instanceof UnrollError) return null;
    throw error;
  }
}

/**
 * What goes through the recurrences of a model file for the first item of a batch of inputs; `given` is the file that goes with the wish:
 * inputs as JSON, a table, or a vocabulary.
 * @throws UnrollError `model` where there is no recurrence to follow or the model does not run, `data` where the file does not fit it.
 */
export async function inspectOpened(
  file: string,
  wish: InputWish,
  given: string | null,
  signal?: AbortSignal,
): Promise<Inspected<ModelTrace>> {
  const version = versionOf(file);
  const bytes = readFile(file);
  const roles = inputRoles(readModel(bytes).graph);
  const chosen = await chosenInputs(roles, wish, given, ownMetadata(readMetadata(bytes), file));
  await stillWanted(signal);
  const asked = { steps: stepsOf(roles, chosen.inputs), batch: batchOf(roles, chosen.inputs) };
  const traced = await traceWhole(inOnePiece(file, bytes), chosen.inputs, 0, { signal, fed: asked });
  if (traced.layers.length === 0) {
    const { graph } = readModel(bytes);
    const found = [...findRecurrences(graph), ...nestedRecurrences(graph)];
    const [obstacle] = found.flatMap((recurrence) => recurrence.obstacle ?? []);
    if (obstacle !== undefined) throw new UnrollError('model', obstacle.template, ...obstacle.args);
    throw new UnrollError(
      'model',
      'No recurrent layer that can be followed step by step was found in this model; its diagram shows what it is made of.',
    );
  }
  const shown = (trace: Omit<Trace, 'inputs'>) => shownOf(answering(trace), roles, chosen, wish);
  const model = () => {
    if (versionOf(file) !== version) throw changedModel(file);
    return inOnePiece(file, readFile(file));
  };
  const trace = shown(traced);
  const fed = { ...asked, steps: trace.trace.steps };
  return { trace, source: { model, feeds: await feedsOf(roles, chosen.inputs), item: 0, fed, others: null, shown } };
}

/** Those of the tensors that the model reads. */
async function feedsOf(roles: readonly InputRole[], inputs: ReadonlyMap<string, Tensor>): Promise<Values> {
  const feeds: [string, Values[string]][] = [];
  for (const { input } of roles) {
    const tensor = inputs.get(input.name);
    if (tensor !== undefined) feeds.push([input.name, await toOrt(tensor)]);
  }
  return Object.fromEntries(feeds);
}

/** A trace as the editor of a model file shows it. */
function shownOf(
  traced: Omit<Trace, 'inputs'>,
  roles: readonly InputRole[],
  chosen: ChosenInputs,
  wish: InputWish,
): ModelTrace {
  const { inputs, characters, vocabulary, time } = chosen;
  const lengths = traced.layers.map(({ signals: [first] }) =>
    first === undefined ? 0 : first.values.length / first.units,
  );
  const steps = Math.max(traced.steps, ...lengths);
  const read = roles.flatMap((role) => signalOf(role, inputs.get(role.input.name), steps));
  const outputs = traced.outputs.flatMap((output) => outputSignal(output, steps, batchOf(roles, inputs)));
  const choices = vocabulary && characters && tokenChoices(outputs, vocabulary, characters);
  const columns = chosen.columns ?? (characters === null ? read : []);
  return {
    ...onOneAxis({ trace: { ...traced, inputs: read }, columns, time, characters, choices }, steps, steps),
    input: wish.kind,
    outputs,
    target: '',
    forecast: [],
    truth: [],
  };
}

/** An input that is read step by step as a signal of the first item. */
function signalOf(role: InputRole, tensor: Tensor | undefined, steps: number): TraceSignal[] {
  if (tensor === undefined || role.steps === null || (role.kind !== 'values' && role.kind !== 'tokens')) return [];
  const values = Float32Array.from(toNumbers(tensor));
  const signal = firstItem(role.input.name, tensor.shape, values, role);
  if (signal.values.length !== steps * signal.units) return [];
  return [{ ...signal, range: role.kind === 'tokens' || signal.units === 1 ? 'value' : 'signed' }];
}

/** The length of the longest sequence among the inputs. */
function stepsOf(roles: readonly InputRole[], inputs: ReadonlyMap<string, Tensor>): number {
  const lengths = roles.map(({ input, steps }) => (steps === null ? 0 : (inputs.get(input.name)?.shape[steps] ?? 0)));
  return Math.max(1, ...lengths);
}

function batchOf(roles: readonly InputRole[], inputs: ReadonlyMap<string, Tensor>): number {
  const sizes = roles.flatMap(({ input, batch }) =>
    batch === null ? [] : (inputs.get(input.name)?.shape[batch] ?? []),
  );
  return sizes[0] ?? 1;
}

/** An output as a signal of the first item, where it has a value at each step. */
function outputSignal({ name, shape, values }: Trace['outputs'][number], steps: number, batch: number): TraceSignal[] {
  const axes = outputAxes(shape, { steps, batch });
  return axes.steps === null ? [] : [firstItem(name, shape, values, axes)];
}

/** The first item of a batch as [steps][units]. */
function firstItem(name: string, shape: readonly number[], values: Float32Array, axes: ItemAxes): TraceSignal {
  const item = itemOf(shape, values, axes, 0);
  return { name, range: item.units === 1 ? 'value' : 'signed', ...item };
}
