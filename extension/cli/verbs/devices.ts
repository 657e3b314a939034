import { format } from '../../protocol/messages';
import { devices as tryDevices } from '../../runtime/session/provider';
import { type Command, jsonOption } from '../command';

export const devices: Command = {
  verb: 'devices',
  synopsis: 'devices',
  summary:
    'Tries every device that onnxruntime has here with a training step, and says what keeps the others from working.',
  operands: { least: 0, most: 0 },
  options: [jsonOption],
  async run({ output }) {
    const states = await tryDevices();
    const width = Math.max(...states.map(({ provider }) => provider.length));
    for (const { provider, problem } of states) {
      const reason = problem === null ? null : format(problem);
      output.event({ provider, usable: reason === null, reason });
      output.print(`${provider.padEnd(width)}  ${reason ?? 'works'}`);
    }
    return 0;
  },
};
