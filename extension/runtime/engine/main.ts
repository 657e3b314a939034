import path from 'node:path';
import process from 'node:process';
import { Channel, type Silent } from '../../protocol/channel';
import type { EngineContract } from '../../protocol/engine';
import { format } from '../../protocol/messages';
import type { RunEvent } from '../../protocol/run';
import { parentProcessPort } from '../ports';
import { Engine } from './engine';

// The engine process, forked by the host: it serves requests until the host goes away, and then leaves every training resumable.
const port = parentProcessPort(process);
if (port === null) {
  console.error('The engine is started by the editor; use "unroll" in a terminal.');
  process.exit(2);
}
const engine = new Engine(
  path.join(__dirname, 'trainingWorker.js'),
  tell,
  (progress) => channel.emit('download', progress),
  (level, text) => channel.emit('log', { level, text }),
);
const channel: Channel<EngineContract, Silent> = new Channel<EngineContract, Silent>(port, engine.handlers);

/** The host shows events; the log also keeps what a user who reports a problem will be asked for. */
function tell(event: RunEvent): void {
  channel.emit('run', event);
  if (event.kind !== 'state') return;
  const { state } = event;
  if (state.kind !== 'failed') {
    channel.emit('log', { level: 'info', text: `${event.run}: ${state.kind}` });
    return;
  }
  const { text, stack } = state.failure;
  channel.emit('log', { level: 'error', text: `${event.run}: ${stack ?? format(text)}` });
}

let leaving = false;

async function leave(exitCode: number): Promise<void> {
  if (leaving) return;
  leaving = true;
  await engine.close();
  process.exit(exitCode);
}

function fail(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  channel.emit('log', { level: 'error', text });
  void leave(1);
}

channel.onClose(() => void leave(0));
process.on('SIGTERM', () => void leave(0));
// Ctrl+C in the terminal that started the editor reaches the whole group; the host decides when the engine ends.
process.on('SIGINT', () => {});
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
