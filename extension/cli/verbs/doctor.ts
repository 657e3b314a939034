import path from 'node:path';
import { format } from '../../protocol/messages';
import { readInputs } from '../../runtime/inspect/caseFile';
import { examineFile, repairFile } from '../../runtime/inspect/doctor';
import { type Command, jsonOption, textOption } from '../command';
import { resolveRun } from '../operands';

export const doctor: Command = {
  verb: 'doctor',
  synopsis: 'doctor <model.onnx | run> [--fix OUT [--inputs FILE]]',
  summary:
    'Says what keeps a recurrent model from running, from being right or from being used for more, and repairs a copy.',
  operands: { least: 1, most: 1 },
  options: [
    { name: 'fix', value: 'OUT', help: 'Write a copy with what can be repaired; the model itself stays as it is.' },
    {
      name: 'inputs',
      value: 'FILE',
      help: 'Run the copy and the original on these inputs and compare them: JSON as for "unroll trace".',
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
    const repair = out === null ? null : await repairFile(file, out, given);
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
      copy: repair === null ? null : { file: out, difference: repair.difference },
    });
    if (findings.length === 0) output.print('Nothing was found.');
    for (const { code, what, why, repairable, node } of findings) {
      const state = repaired(code, node)
        ? ' Repaired in the copy.'
        : repairable
          ? ' --fix OUT writes a repaired copy.'
          : '';
      output.print(`${code}: ${format(what)} ${format(why)}${state}`);
    }
    if (repair !== null) {
      const compared =
        repair.difference === null
          ? 'not compared with the original; --inputs FILE does that'
          : `outputs differ from the original's by at most ${repair.difference.toPrecision(2)}`;
      output.print(`${out} is written; ${compared}.`);
    }
    return 0;
  },
};
