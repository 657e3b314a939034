import path from 'node:path';
import type { Tensor } from '../../core/tensor';
import { UnrollError } from '../../protocol/errors';
import type { StateEdit } from '../../protocol/inspection';
import type { Trace, TraceSignal } from '../../protocol/trace';
import { readInputs } from '../../runtime/inspect/caseFile';
import { editFile } from '../../runtime/inspect/edited';
import { gradientsOfFile } from '../../runtime/inspect/gradients';
import { modelPath, traceFile } from '../../runtime/inspect/modelFile';
import { type Command, jsonOption, textOption, textOptions, wholeOption } from '../command';
import { resolveRun } from '../operands';
import { editsOf, readChange, readChoice } from './traceOptions';

export const trace: Command = {
  verb: 'trace',
  synopsis: 'trace <model.onnx | run> --inputs FILE [--item N] [--set LAYER:STATE:UNIT:STEP=VALUE] [--gradient OUTPUT]',
  summary:
    'Prints what goes through the recurrent layers of a model, step by step, as one JSON object:\n' +
    '{"steps", "layers": [{"node", "op", "direction", "hidden", "signals": {NAME: [steps][hidden]}}], "outputs": {NAME: {"shape", "data"}}}.\n' +
    'With --set each output has beside its "data" the "difference" from what it is without the change. With --gradient (of the\n' +
    'changed model, where --set changes it) there is\n' +
    '{"gradient": {"of", "value", "baseline", "layers": [{STATE: [steps]}], "inputs": {NAME: [steps][units]}}}: norms over the units of a state.',
  operands: { least: 1, most: 1 },
  options: [
    {
      name: 'inputs',
      value: 'FILE',
      help: 'JSON: {"inputs": {NAME: {"dtype", "shape", "data"}}}, data flat and row-major.',
    },
    { name: 'item', value: 'N', help: 'Which item of the batch, from 0.' },
    {
      name: 'set',
      value: 'LAYER:STATE:UNIT:STEP=VALUE',
      repeats: true,
      help: 'Change a state after a step and run the rest again; UNIT and STEP count from 0 or are "all". Repeatable.',
    },
    {
      name: 'gradient',
      value: 'OUTPUT[:STEP][:UNIT]',
      help: 'The gradient of one number of an output through time; by default its first unit, at its last step.',
    },
    { name: 'integrated', value: 'N', help: 'Integrate that gradient along the way from zeros in N points.' },
    jsonOption,
  ],
  async run({ options, operands: [model = ''], cwd, output }) {
    const inputs = textOption(options, 'inputs');
    if (inputs === undefined) throw new UnrollError('usage', '--inputs FILE is missing; see "unroll trace --help".');
    const item = wholeOption(options, 'item', 0) ?? 0;
    const changes = textOptions(options, 'set').map(readChange);
    const gradient = textOption(options, 'gradient');
    const integrated = wholeOption(options, 'integrated') ?? null;
    if (integrated !== null && gradient === undefined) {
      throw new UnrollError('usage', '--integrated goes with --gradient; see "unroll trace --help".');
    }
    const file = modelPath(resolveRun(cwd, model));
    const tensors = readInputs(path.resolve(cwd, inputs));
    const editing = (trace: Omit<Trace, 'inputs'>) => changes.flatMap((change) => editsOf(change, trace));
    const { edited, original } =
      changes.length > 0
        ? await editFile(file, tensors, item, editing)
        : { edited: await traceFile(file, tensors, item), original: undefined };
    const edits = original === undefined ? [] : editing(original);
    output.result({
      ...printed(edited, original),
      ...(gradient !== undefined && {
        gradient: await gradientFile(file, tensors, item, edited, gradient, integrated, edits),
      }),
    });
    return 0;
  },
};

function printed({ steps, layers, outputs }: Omit<Trace, 'inputs'>, original?: Omit<Trace, 'inputs'>) {
  return {
    steps,
    layers: layers.map(({ node, op, direction, hidden, difference, signals }) => ({
      node,
      op,
      direction,
      hidden,
      difference,
      signals: Object.fromEntries(signals.map((signal) => [signal.name, rowsOf(signal)])),
    })),
    outputs: Object.fromEntries(
      outputs.map(({ name, shape, values }, i) => {
        const before = original?.outputs[i]?.values;
        const difference = before && Array.from(values, (value, at) => value - (before[at] ?? Number.NaN));
        return [name, { shape, data: Array.from(values), ...(difference && { difference }) }];
      }),
    ),
  };
}

/** The gradient of a chosen number as it is printed. */
async function gradientFile(
  file: string,
  tensors: ReadonlyMap<string, Tensor>,
  item: number,
  trace: Pick<Trace, 'steps'>,
  asked: string,
  integrated: number | null,
  edits: readonly StateEdit[],
) {
  const { gradients, of } = await gradientsOfFile(
    file,
    tensors,
    item,
    (choices) => readChoice(asked, choices, trace.steps),
    integrated,
    edits,
  );
  const { value, baseline, layers, inputs } = gradients;
  return {
    of,
    value,
    baseline,
    layers: layers.map((states) => Object.fromEntries(states.map(({ state, norms }) => [state, Array.from(norms)]))),
    inputs: Object.fromEntries(inputs.map((input) => [input.name, rowsOf(input)])),
  };
}

/** A signal as `[steps][units]`. */
function rowsOf({ values, units }: Pick<TraceSignal, 'values' | 'units'>): number[][] {
  const steps = values.length / units;
  return Array.from({ length: steps }, (_, step) => Array.from(values.subarray(step * units, (step + 1) * units)));
}
