import { type Argument, format, type Message, message } from './messages';

/** What kind of thing went wrong; tests and callers branch on this, never on the sentence. */
export type ErrorCode =
  | 'usage' // the caller asked for something that does not exist or makes no sense
  | 'data' // the user's file cannot be used as it is
  | 'experiment' // the experiment file says something impossible
  | 'model' // an ONNX file cannot be read, built or run
  | 'run' // a run folder is missing, damaged or busy
  | 'storage' // the disk refused: full, read-only, vanished
  | 'device' // the asked execution provider is not to be had
  | 'network' // a download failed
  | 'cancelled' // somebody asked for it to stop
  | 'closed' // the other side of a channel has gone
  | 'internal'; // a defect of ours

/** An error in one sentence that says what happened, where, and what to do. It crosses processes as a {@link Failure}. */
export class UnrollError extends Error {
  readonly text: Message;

  constructor(
    readonly code: ErrorCode,
    template: string,
    ...args: readonly Argument[]
  ) {
    const text = message(template, ...args.map(onOneLine));
    super(format(text));
    this.name = 'UnrollError';
    this.text = text;
  }
}

const longest = 500;

/** An argument as it fits into a sentence: names that come from files may be of any length and hold anything. */
function onOneLine(arg: Argument): Argument {
  if (typeof arg !== 'string') return arg;
  // Longer texts are cut before they are searched.
  const line = arg.slice(0, 2 * longest).replace(/[\s\p{Cc}]+/gu, ' ');
  return line.length > longest || arg.length > 2 * longest ? `${line.slice(0, longest)}…` : line;
}

/** An error as plain data. */
export interface Failure {
  readonly code: ErrorCode;
  readonly text: Message;
  /** Where in our code it arose; for the log, never for the user. */
  readonly stack: string | null;
}

/** Turns anything thrown into plain data; what is not an {@link UnrollError} becomes an `internal` failure. */
export function toFailure(error: unknown): Failure {
  if (error instanceof UnrollError) return { code: error.code, text: error.text, stack: error.stack ?? null };
  if (error instanceof Error) {
    const text = message('Something unexpected happened: {0}. See the engine log for details.', error.message);
    return { code: 'internal', text, stack: error.stack ?? null };
  }
  const text = message('Something unexpected happened: {0}. See the engine log for details.', String(error));
  return { code: 'internal', text, stack: null };
}

/** The inverse of {@link toFailure}. */
export function fromFailure(failure: Failure): UnrollError {
  const error = new UnrollError(failure.code, failure.text.template, ...failure.text.args);
  if (failure.stack !== null) error.stack = failure.stack;
  return error;
}
