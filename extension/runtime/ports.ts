import type { ChildProcess } from 'node:child_process';
import type { MessagePort, Worker } from 'node:worker_threads';
import type { Port } from '../protocol/channel';

/** The near end of a worker thread, in the thread that owns it. Closes when the worker has ended, whatever the reason. */
export function workerPort(worker: Worker): Port {
  return {
    post: (data) => worker.postMessage(data),
    onMessage: (listener) => void worker.on('message', listener),
    onClose(listener) {
      let why: string | null = null;
      worker.once('error', (error) => {
        why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      });
      worker.once('exit', (code) => listener(why ?? `The worker ended with exit code ${code}.`));
    },
  };
}

/** Either end of a message channel, such as a worker's way to its owner. */
export function messagePort(port: MessagePort): Port {
  return {
    post: (data) => port.postMessage(data),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.once('close', () => listener('The owner closed the port.')),
  };
}

/** The near end of a forked process, in the process that forked it. Closes when it has ended, with its signal or exit status. */
export function childProcessPort(child: ChildProcess): Port {
  return {
    post(data) {
      // What cannot be sent any more is dropped: the end of the process follows and closes the channel.
      if (child.connected) child.send(data as object, () => {});
    },
    onMessage: (listener) => void child.on('message', listener),
    onClose(listener) {
      // 'close' comes after the last line was read; a process that could not be started has only 'error'.
      child.once('close', (code, signal) => listener(signal ?? `exit status ${code}`));
      child.on('error', ({ message }) => {
        if (child.pid === undefined) listener(message);
      });
    },
  };
}

/** The way from a forked process to its parent, or null where nobody forked it with an IPC channel. */
export function parentProcessPort(child: NodeJS.Process): Port | null {
  const send = child.send?.bind(child);
  if (send === undefined) return null;
  return {
    post(data) {
      // What cannot be sent any more is dropped: `disconnect` follows and ends the channel.
      if (child.connected) send(data, undefined, undefined, () => {});
    },
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => void child.once('disconnect', () => listener('The parent process went away.')),
  };
}
