import type { ModelPort } from '../../protocol/model';
import { describeFile } from '../../runtime/inspect/modelFile';
import { type Command, jsonOption } from '../command';
import { resolveRun } from '../operands';

export const describe: Command = {
  verb: 'describe',
  synopsis: 'describe <model.onnx | run>',
  summary: 'Says what is in a model: its inputs and outputs, its recurrent layers and its metadata.',
  operands: { least: 1, most: 1 },
  options: [jsonOption],
  async run({ operands: [model = ''], cwd, output }) {
    const description = describeFile(resolveRun(cwd, model));
    output.event(description);
    const { producer, opset, parameters, inputs, outputs, recurrent, metadata } = description;
    const port = ({ name, dtype, shape }: ModelPort) => [name, `${dtype} [${shape?.join(', ') ?? '?'}]`];
    const sections = [
      `${producer}, opset ${opset}, ${parameters.toLocaleString('en')} parameters`,
      section('Inputs', inputs.map(port)),
      section('Outputs', outputs.map(port)),
      section(
        'Recurrent layers',
        recurrent.map(({ node, op, hidden, input, direction }) => [node, `${op} ${input} -> ${hidden}, ${direction}`]),
      ),
      section('Metadata', Object.entries(metadata)),
    ];
    output.print(sections.filter((text) => text !== '').join('\n\n'));
    return 0;
  },
};

const section = (title: string, rows: readonly (readonly string[])[]) =>
  rows.length === 0 ? '' : `${title}\n${rows.map(([name = '', text = '']) => `  ${name}  ${text}`).join('\n')}`;
