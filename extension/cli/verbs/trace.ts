import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import type { TraceSignal } from '../../protocol/trace';
import { readInputs } from '../../runtime/inspect/caseFile';
import { traceFile } from '../../runtime/inspect/modelFile';
import { type Command, jsonOption, textOption, wholeOption } from '../command';
import { resolveRun } from '../operands';

export const trace: Command = {
  verb: 'trace',
  synopsis: 'trace <model.onnx | run> --inputs FILE [--item N]',
  summary:
    'Prints what goes through the recurrent layers of a model, step by step, as one JSON object:\n' +
    '{"steps", "layers": [{"node", "op", "direction", "hidden", "signals": {NAME: [steps][hidden]}}], "outputs": {NAME: {"shape", "data"}}}.',
  operands: { least: 1, most: 1 },
  options: [
    {
      name: 'inputs',
      value: 'FILE',
      help: 'JSON: {"inputs": {NAME: {"dtype", "shape", "data"}}}, data flat and row-major.',
    },
    { name: 'item', value: 'N', help: 'Which item of the batch, from 0.' },
    jsonOption,
  ],
  async run({ options, operands: [model = ''], cwd, output }) {
    const inputs = textOption(options, 'inputs');
    if (inputs === undefined) throw new UnrollError('usage', '--inputs FILE is missing; see "unroll trace --help".');
    const item = wholeOption(options, 'item', 0) ?? 0;
    const { steps, layers, outputs } = await traceFile(
      resolveRun(cwd, model),
      readInputs(path.resolve(cwd, inputs)),
      item,
    );
    const printed = {
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
        outputs.map(({ name, shape, values }) => [name, { shape, data: Array.from(values) }]),
      ),
    };
    output.result(printed);
    return 0;
  },
};

/** A signal as `[steps][units]`. */
function rowsOf({ values, units }: TraceSignal): number[][] {
  const steps = values.length / units;
  return Array.from({ length: steps }, (_, step) => Array.from(values.subarray(step * units, (step + 1) * units)));
}
