// One run of the embedded server: a thread started by its file, until it ends by itself or is told to.
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EmbeddedServerData, EmbeddedServerReply, EmbeddedServerRequest } from '#shared/ipc/embedded-server.ts';
import { fromErrorData, OutpostError } from '#shared/kernel/errors.ts';
import type { Scheduler } from '#shared/kernel/ports.ts';

/** A new database is made in seconds; on a slow and busy computer in many. */
const START_LIMIT_MS = 60_000;
/** Longer than the server's own limit for requests under way. */
const STOP_LIMIT_MS = 10_000;

export interface ServerThread {
  readonly url: string;
  /** What ended it, when nobody told it to stop. Never rejects. */
  readonly ended: Promise<OutpostError>;
  /** Ends it in good order; by force when it takes too long. */
  stop(): Promise<void>;
}

/** In a packaged application the server lies beside the archive: threads and the database need real files. */
export function locateServer(mainFolder: string): string {
  return path.join(mainFolder.replace(/([\\/]app\.asar)(?=[\\/])/, '$1.unpacked'), '../server/embedded.mjs');
}

export type StartThread = (data: EmbeddedServerData) => Promise<ServerThread>;

export function serverDown(cause?: unknown): OutpostError {
  return new OutpostError(
    'embedded_server_down',
    'The server on this computer is not running. Your work is saved on this computer and is sent later.',
    {},
    { cause },
  );
}

/** `file` is the server's own entry. The start rejects with what the thread says, or with `embedded_server_down`. */
export function createThreadStarter(file: string, scheduler: Scheduler): StartThread {
  return (data) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(file, { workerData: data, execArgv: [] });
      let failure: unknown;
      const exited = new Promise<void>((finish) => {
        worker.once('exit', () => finish());
      });
      const ended = exited.then(() => serverDown(failure));
      const limit = scheduler.after(START_LIMIT_MS, () => {
        failure = new Error(`no answer within ${START_LIMIT_MS / 1000} s`);
        void worker.terminate();
      });
      worker.on('error', (error: unknown) => {
        failure = error;
      });
      worker.once('message', (reply: EmbeddedServerReply) => {
        limit.cancel();
        if (reply.kind === 'failed') reject(fromErrorData(reply.error));
        else resolve({ url: reply.url, ended, stop: () => stop(worker, exited, scheduler) });
      });
      void ended.then((error) => {
        limit.cancel();
        reject(error);
      });
    });
}

async function stop(worker: Worker, exited: Promise<void>, scheduler: Scheduler): Promise<void> {
  const request: EmbeddedServerRequest = { kind: 'stop' };
  worker.postMessage(request);
  const force = scheduler.after(STOP_LIMIT_MS, () => void worker.terminate());
  await exited;
  force.cancel();
}
