// The thread that checks pages of the audit: hashing them holds up nobody who asks the server for something.
import { parentPort } from 'node:worker_threads';
import { checkPage, type PageReport, type PageToCheck } from '#server/audit/check-page.ts';

export interface CheckRequest {
  readonly id: number;
  readonly page: PageToCheck;
}

export type CheckReply =
  | { readonly id: number; readonly report: PageReport }
  | { readonly id: number; readonly error: string };

parentPort?.on('message', ({ id, page }: CheckRequest) => {
  let reply: CheckReply;
  try {
    reply = { id, report: checkPage(page) };
  } catch (error) {
    reply = { id, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
