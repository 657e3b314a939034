import process from 'node:process';
import { toFailure, UnrollError } from '../protocol/errors';
import { unrollVersion } from '../runtime/version';
import { type Command, helpOf, readArguments } from './command';
import { Output } from './output';
import { backtest } from './verbs/backtest';
import { describe } from './verbs/describe';
import { devices } from './verbs/devices';
import { doctor } from './verbs/doctor';
import { generate } from './verbs/generate';
import { predict } from './verbs/predict';
import { resume } from './verbs/resume';
import { runs } from './verbs/runs';
import { setupCuda } from './verbs/setupCuda';
import { trace } from './verbs/trace';
import { train } from './verbs/train';

const commands: readonly Command[] = [
  train,
  resume,
  backtest,
  predict,
  generate,
  describe,
  trace,
  doctor,
  runs,
  devices,
  setupCuda,
];

const overview = [
  'unroll <verb> [options]',
  '',
  'Trains sequence models on your data and looks into them.',
  '',
  ...commands.map(({ synopsis }) => `  unroll ${synopsis}`),
  '',
  'unroll <verb> --help says more. Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted with a checkpoint.',
  '',
].join('\n');

/** Runs one command line and answers its exit status. */
async function main([verb, ...args]: readonly string[]): Promise<number> {
  const output = new Output(process.stdout, process.stderr, args.includes('--json'));
  try {
    if (verb === '--help' || verb === '-h' || verb === 'help') {
      const asked = commands.find((command) => command.verb === args[0]);
      process.stdout.write(asked === undefined ? overview : helpOf(asked));
      return 0;
    }
    if (verb === '--version') {
      process.stdout.write(`${unrollVersion}\n`);
      return 0;
    }
    const command = commands.find((entry) => entry.verb === verb);
    if (command === undefined) {
      throw verb === undefined
        ? new UnrollError('usage', 'A verb is missing; see "unroll --help".')
        : new UnrollError('usage', 'There is no verb "{0}"; see "unroll --help".', verb);
    }
    const { options, operands } = readArguments(command, args);
    if (options['help'] === true) {
      process.stdout.write(helpOf(command));
      return 0;
    }
    return await command.run({ options, operands, cwd: process.cwd(), output });
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'internal' && failure.stack !== null) process.stderr.write(`${failure.stack}\n`);
    output.failure(failure);
    return failure.code === 'usage' ? 2 : 1;
  }
}

// A reader that has read enough, such as head, is no error of ours.
process.stdout.on('error', () => {});

// The status is set and not forced, so that everything that was written still reaches its reader.
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
