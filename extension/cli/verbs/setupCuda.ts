import process from 'node:process';
import { UnrollError } from '../../protocol/errors';
import { format } from '../../protocol/messages';
import { setUpCuda } from '../../runtime/session/setUpCuda';
import { type Command, jsonOption, textOption } from '../command';

/** Exit status of a command that a signal ended. */
const interrupted = 130;

export const setupCuda: Command = {
  verb: 'setup-cuda',
  synopsis: 'setup-cuda [options]',
  summary:
    "Fetches onnxruntime's CUDA libraries (some hundred MB, from nuget.org) for this user and tries CUDA. A download that was broken off goes on where it was.",
  operands: { least: 0, most: 0 },
  options: [
    {
      name: 'mirror',
      value: 'URL',
      help: 'A NuGet feed (index.json), or a folder in its layout, instead of nuget.org; also UNROLL_CUDA_MIRROR.',
    },
    { name: 'sha512', value: 'BASE64', help: 'Checksum of the package, where nuget.org cannot be asked for it.' },
    jsonOption,
  ],
  async run({ options, output }) {
    const stop = new AbortController();
    const onSignal = () => stop.abort();
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    for (const signal of signals) process.on(signal, onSignal);
    try {
      const { folder, fetched, problem } = await setUpCuda({
        mirror: textOption(options, 'mirror'),
        sha512: textOption(options, 'sha512'),
        signal: stop.signal,
        onProgress: (progress) => output.download(progress),
      });
      const reason = problem === null ? null : format(problem);
      output.event({ event: 'done', folder, fetched, usable: reason === null, reason });
      output.print(`${fetched ? 'The CUDA libraries are now in' : 'The CUDA libraries are already in'} ${folder}`);
      output.print(reason ?? 'CUDA works: "auto" and "cuda" train on it.');
      return 0;
    } catch (error) {
      if (!(error instanceof UnrollError && error.code === 'cancelled')) throw error;
      output.note('Stopped. The next "unroll setup-cuda" goes on from here.');
      return interrupted;
    } finally {
      for (const signal of signals) process.off(signal, onSignal);
    }
  },
};
