import { toFailure, UnrollError } from '../protocol/errors';

/**
 * Why an engine did not start, in a sentence that says what to do. `error` is what the handshake threw and `output` the last lines
 * that the process wrote: a native library that cannot be loaded says so in one or the other.
 */
export function explainStart(error: unknown, output: string): UnrollError {
  const failure = toFailure(error);
  // A sentence that the engine made itself knows best.
  if (failure.code !== 'closed' && failure.code !== 'cancelled' && failure.code !== 'internal') {
    return new UnrollError(failure.code, failure.text.template, ...failure.text.args);
  }
  const text = [failure.text.template, ...failure.text.args, failure.stack ?? '', output].join('\n');
  const glibc = /version [`'](GLIBC(?:XX)?_[\d.]+)' not found/.exec(text)?.[1];
  if (glibc !== undefined) {
    return new UnrollError(
      'device',
      'The engine cannot load onnxruntime: it needs {0}, which this system does not have; use a newer Linux (Debian 12, Ubuntu 22.04 or later).',
      glibc,
    );
  }
  // Windows error 126, "The specified module could not be found", names the library that asked, not the one that is missing.
  if (/error 126\b|specified module could not be found|VCRUNTIME140|MSVCP140/i.test(text)) {
    return new UnrollError(
      'device',
      'The engine cannot load onnxruntime because the Microsoft Visual C++ runtime is missing; install "Visual C++ Redistributable 2015-2022" from Microsoft, then try again.',
    );
  }
  const missing = /Cannot find module '([^']+)'/.exec(text)?.[1];
  if (missing !== undefined) {
    return new UnrollError(
      'device',
      'The engine cannot find {0}; this package of Unroll may be for another platform, so install the one for this platform.',
      missing,
    );
  }
  const lastLine = output.trim().split('\n').at(-1) ?? '';
  return new UnrollError(
    'device',
    'The engine did not start ({0}); look into the engine log for the reason, then try again.',
    failure.code === 'cancelled' ? 'no answer' : lastLine || failure.text.template,
  );
}
