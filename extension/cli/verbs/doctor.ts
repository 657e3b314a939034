import path from 'node:path';
import { type FindingCode, findingCodes } from '../../protocol/doctor';
import { UnrollError } from '../../protocol/errors';
import { format } from '../../protocol/messages';
import { readInputs } from '../../runtime/inspect/caseFile';
import { examineFile, repairFile } from '../../runtime/inspect/doctor';
import { type Command, jsonOption, textOption } from '../command';
import { resolveRun } from '../operands';

export const doctor: Command = {
  verb: 'doctor',
  synopsis: 'doctor <model.onnx | run> [--fix OUT [--only CODES] [--inputs FILE]]',
  summary:
    'Says what keeps a recurrent model from running, from being right or from being used for more, and repairs a copy.',
  operands: { least: 1, most: 1 },
  options: [
    { name: 'fix', value: 'OUT', help: 'Write a copy with what can be repaired; the model itself stays as it is.' },
    {
      name: 'inputs',
      value: 'FILE',
      help: 'Compare the copy with the original on these inputs instead of noise: JSON as for "unroll trace".',
    },
    {
      name: 'only',
      value: 'CODES',
      help: 'Repair these findings, separated by commas, such as initialState; without it every fault is repaired.',
    },
    jsonOption,
  ],
  async run({ options, operands: [model = ''], cwd, output }) {
    const file = resolveRun(cwd, model);
    const findings = examineFile(file);
    const fix = textOption(options, 'fix');
    const inputs = textOption(options, 'inputs');
    const out = fix === undefined ? null : path.resolve(cwd, fix);
    const given = inputs === undefined ? null : readInputs(path.resolve(cwd, inputs));
    const repair = out === null ? null : await repairFile(file, out, given, codesOf(textOption(options, 'only')));
    const repaired = (code: string, node: string | null) =>
      repair?.repaired.some((entry) => entry.code === code && entry.node === node) ?? false;
    output.event({
      findings: findings.map(({ code, node, what, why, repairable }) => ({
        code,
        node,
        what: format(what),
        why: format(why),
        repairable,
        repaired: repaired(code, node),
      })),
      copy: repair === null ? null : { file: out, difference: repair.difference, left: repair.left },
    });
    if (findings.length === 0) output.print('Nothing was found.');
    for (const { code, what, why, repairable, node } of findings) {
      const state = repaired(code, node)
        ? ' Repaired in the copy.'
        : repairable
          ? ` --fix OUT --only ${code} writes a repaired copy.`
          : '';
      output.print(`${code}: ${format(what)} ${format(why)}${state}`);
    }
    if (repair !== null) {
      const compared =
        repair.difference === null
          ? 'the original does not run on noise, so they were not compared; --inputs FILE does that'
          : `outputs differ from the original's by at most ${repair.difference.toPrecision(2)}`;
      output.print(`${out} is written; ${compared}.`);
    }
    return 0;
  },
};

function codesOf(text: string | undefined): FindingCode[] | null {
  if (text === undefined) return null;
  return text.split(',').map((part) => {
    const code = findingCodes.find((each) => each === part.trim());
    if (code !== undefined) return code;
    throw new UnrollError('usage', 'There is no finding "{0}"; they are {1}.', part.trim(), findingCodes.join(', '));
  });
}
