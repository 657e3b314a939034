import process from 'node:process';
import type * as Onnxruntime from 'onnxruntime-node';
import { UnrollError } from '../../protocol/errors';

export type Ort = typeof Onnxruntime;

let loading: Promise<Ort> | null = null;

/**
 * onnxruntime, loaded when it is first needed: its native library takes a while, and may be missing something on this machine.
 * @throws UnrollError `device` where it cannot be loaded.
 */
export function onnxruntime(): Promise<Ort> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Ort> {
  try {
    const ort = await import('onnxruntime-node');
    // What goes wrong comes as an exception; the same on the process's own output would be seen by nobody, or by a program.
    ort.env.logLevel = 'fatal';
    return ort;
  } catch (error) {
    throw loadError(error);
  }
}

/** What to do about a native library that does not load; `platform` and `arch` are this process's. */
export function loadError(error: unknown, platform = process.platform, arch = process.arch): UnrollError {
  const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  if (platform === 'win32') {
    return new UnrollError(
      'device',
      'onnxruntime cannot be loaded ({0}); install the Microsoft Visual C++ Redistributable 2015-2022 ({1}) and restart.',
      reason,
      arch,
    );
  }
  return new UnrollError(
    'device',
    'onnxruntime cannot be loaded on {0} {1} ({2}); install the build of Unroll for this platform.',
    platform,
    arch,
    reason,
  );
}
