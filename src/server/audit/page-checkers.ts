// Who checks pages of a long audit: as many threads as there are cores, at most two. They end with the verification.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PageReport, PageToCheck } from '#server/audit/check-page.ts';
import { checkPage } from '#server/audit/check-page.ts';
import type { CheckReply, CheckRequest } from '#server/audit/verify-worker.ts';

const MOST_THREADS = 2;

export interface PageCheckers {
  check(page: PageToCheck): Promise<PageReport>;
  close(): Promise<void>;
}

/** For short ones: starting a thread takes longer than the work. */
export const checkHere: PageCheckers = {
  check: (page) => Promise.resolve(checkPage(page)),
  close: () => Promise.resolve(),
};

interface Waiting {
  readonly resolve: (report: PageReport) => void;
  readonly reject: (error: Error) => void;
}

function startThread() {
  const worker = new Worker(new URL('./verify-worker.ts', import.meta.url));
  const waiting = new Map<number, Waiting>();
  const failAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', (reply: CheckReply) => {
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('report' in reply) asked?.resolve(reply.report);
    else asked?.reject(new Error(reply.error));
  });
  worker.once('error', (error) => failAll(error instanceof Error ? error : new Error(String(error))));
  worker.once('exit', () => failAll(new Error('A thread that checks the audit has ended.')));
  return { worker, waiting };
}

export function startCheckers(): PageCheckers {
  const threads = Array.from({ length: Math.min(MOST_THREADS, availableParallelism()) }, startThread);
  let lastId = 0;
  return {
    check(page) {
      const thread = threads.toSorted((one, other) => one.waiting.size - other.waiting.size)[0];
      if (thread === undefined) return checkHere.check(page);
      lastId += 1;
      const request: CheckRequest = { id: lastId, page };
      return new Promise<PageReport>((resolve, reject) => {
        thread.waiting.set(request.id, { resolve, reject });
        thread.worker.postMessage(request);
      });
    },
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}
