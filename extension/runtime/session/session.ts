import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { Tensor } from '../../core/tensor';
import type { Provider } from '../../protocol/devices';
import { UnrollError } from '../../protocol/errors';
import { onnxruntime } from './onnxruntime';
import { reasonIn } from './reason';

/** Where a session computes. `threads` are those of one operator; the same number gives the same bits. */
export interface Device {
  readonly provider: Provider;
  readonly threads: number;
}

/** Tensors by name, as onnxruntime takes and gives them. */
export type Values = Readonly<Record<string, OrtTensor>>;

/** A model ready to run. Running is synchronous on its thread; the promise only settles afterwards. */
export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Shape of each input that is a tensor; a free dimension is a name. */
  readonly inputShapes: ReadonlyMap<string, readonly (number | string)[]>;
  /**
   * Runs the model once. `fetches` names the outputs to compute: as a list they are allocated; as tensors they are written into
   * them, and such a tensor may also be one of the feeds. All outputs are computed where it is left out.
   * @throws UnrollError `model` with what matters of onnxruntime's own words.
   */
  run(feeds: Values, fetches?: Values | readonly string[]): Promise<Values>;
  release(): Promise<void>;
}

/** @throws UnrollError `model` where onnxruntime refuses the model, `device` where onnxruntime itself is not to be had. */
export async function openSession(model: Uint8Array, device: Device): Promise<Session> {
  const { InferenceSession } = await onnxruntime();
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(model, {
      executionProviders: [device.provider],
      intraOpNumThreads: device.threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 4,
    });
  } catch (error) {
    throw withWords(new UnrollError('model', 'onnxruntime cannot load this model: {0}', reasonOf(error)), error);
  }
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    inputShapes: new Map(
      session.inputMetadata.flatMap((input) => (input.isTensor ? [[input.name, input.shape] as const] : [])),
    ),
    async run(feeds, fetches) {
      try {
        return fetches === undefined ? await session.run(feeds) : await session.run(feeds, fetches);
      } catch (error) {
        throw withWords(new UnrollError('model', 'onnxruntime cannot run this model: {0}', reasonOf(error)), error);
      }
    },
    release: () => session.release(),
  };
}

/** Opens a session for one piece of work and releases it whatever happens. */
export async function withSession<T>(
  model: Uint8Array,
  device: Device,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(model, device);
  try {
    return await work(session);
  } finally {
    await session.release();
  }
}

/** A tensor of ours as onnxruntime takes it; both share the data. @throws UnrollError `model` for bfloat16. */
export async function toOrt({ dtype, shape, data }: Tensor): Promise<OrtTensor> {
  const { Tensor } = await onnxruntime();
  if (dtype === 'bfloat16') {
    throw new UnrollError(
      'model',
      'The model reads bfloat16, which onnxruntime takes from nobody here; let it read float32 and cast that.',
    );
  }
  return new Tensor(dtype, data, shape);
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
const reasonOf = (error: unknown) => reasonIn(wordsOf(error));

/** All of onnxruntime's words go to the log with the stack. */
function withWords(error: UnrollError, cause: unknown): UnrollError {
  error.stack = `${error.stack ?? error.message}\n${wordsOf(cause)}`;
  return error;
}
