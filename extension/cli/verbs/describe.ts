import { format } from '../../protocol/messages';
import type { DiagramNode, ModelDescription, ModelPort, Remark } from '../../protocol/model';
import { describeFile } from '../../runtime/inspect/modelFile';
import { type Command, jsonOption } from '../command';
import { resolveRun } from '../operands';

export const describe: Command = {
  verb: 'describe',
  synopsis: 'describe <model.onnx | run>',
  summary: 'Says what is in a model: its inputs and outputs, its recurrent layers and its metadata.',
  operands: { least: 1, most: 1 },
  options: [
    {
      name: 'metadata',
      value: null,
      help: 'Show all that the exporter wrote along, paths and stack traces of its machine too.',
    },
    jsonOption,
  ],
  async run({ operands: [model = ''], options, cwd, output }) {
    const whole = describeFile(resolveRun(cwd, model));
    const description = options['metadata'] === true ? whole : withoutSensitive(whole);
    output.event(description);
    const { producer, opset, parameters, inputs, outputs, recurrent, remarks, diagram } = description;
    const hidden = whole.remarks.length - remarks.length;
    const port = ({ name, dtype, shape }: ModelPort) => [name, `${dtype} [${shape?.join(', ') ?? '?'}]`];
    const repeats = diagram.groups.filter(({ kind }) => kind === 'repeat');
    const more = hidden === 0 ? [] : [['…', `${hidden} more, which --metadata shows`]];
    const sections = [
      `${producer}, opset ${opset}, ${parameters.toLocaleString('en')} parameters`,
      section('Inputs', inputs.map(port)),
      section('Outputs', outputs.map(port)),
      section(
        'Recurrent layers',
        recurrent.map(({ node, op, realisation, hidden, input, direction }) => [
          node,
          `${op} ${input} -> ${hidden}, ${direction}, ${realisation}`,
        ]),
      ),
      section(
        'Blocks that repeat',
        repeats.map(({ title, count }) => [title, `${count} times`]),
      ),
      section('Metadata', [...remarks.map(({ name, value }) => [name, value]), ...more]),
      options['metadata'] === true ? section('Beside nodes', diagram.nodes.flatMap(besideNode)) : '',
      section(
        'Notes',
        diagram.notes.map((note) => ['', format(note)]),
      ),
    ];
    output.print(sections.filter((text) => text !== '').join('\n\n'));
    return 0;
  },
};

/** The description without what exporters leave of the machine that they ran on. */
function withoutSensitive(whole: ModelDescription): ModelDescription {
  const plain = (remarks: readonly Remark[]) => remarks.filter(({ sensitive }) => !sensitive);
  const nodes = whole.diagram.nodes.map((node) => ({ ...node, remarks: plain(node.remarks) }));
  return { ...whole, remarks: plain(whole.remarks), diagram: { ...whole.diagram, nodes } };
}

const besideNode = ({ name, remarks }: DiagramNode) =>
  remarks.map((remark) => [name, `${remark.name}: ${remark.value}`]);

const section = (title: string, rows: readonly (readonly string[])[]) =>
  rows.length === 0
    ? ''
    : `${title}\n${rows
        .map(
          (row) =>
            `  ${row
              .filter((text) => text !== '')
              .map(printable)
              .join('  ')}`,
        )
        .join('\n')}`;

/** A text of a file as a terminal may have it: on lines of its own, and without signs that steer the terminal. */
const printable = (text: string) => text.replace(/[^\P{Cc}\n]/gu, '').replaceAll('\n', '\n    ');
