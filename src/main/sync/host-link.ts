// Questions from main to the data host. Each is answered once, fails when the host goes away or takes too long, and is
// never left hanging. Nothing is asked before the host said that it is ready.
import type { HostRequest } from '#shared/ipc/host-request.ts';
import { OutpostError, errorCatalogue, fromErrorData, type ErrorData } from '#shared/kernel/errors.ts';
import type { Scheduler } from '#shared/kernel/ports.ts';

/** Opening a large profile or applying a large page on a slow computer. */
const ANSWER_LIMIT_MS = 120_000;
/** Long before, whoever looks for what everything waits for finds it in the log. */
const SLOW_MS = 15_000;

export interface HostAnswer {
  readonly requestId: number;
  readonly ok: boolean;
  readonly value?: unknown;
}

export interface HostLink {
  /** Throws what the host answers, or `local_database_damaged` when it does not answer. */
  request(request: HostRequest): Promise<unknown>;
  takeAnswer(answer: HostAnswer): void;
  noteReady(): void;
  noteGone(): void;
  readonly isReady: () => boolean;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: OutpostError) => void;
  readonly timers: readonly { cancel(): void }[];
}

function isErrorData(value: unknown): value is ErrorData {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    Object.hasOwn(errorCatalogue, value.code)
  );
}

export function createHostLink(
  send: (requestId: number, request: HostRequest) => void,
  scheduler: Scheduler,
  /** A question of this kind waits unusually long. */
  onSlow: (kind: HostRequest['kind']) => void = () => undefined,
): HostLink {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let isReady = false;

  function settle(requestId: number): Waiting | undefined {
    const found = waiting.get(requestId);
    waiting.delete(requestId);
    for (const timer of found?.timers ?? []) timer.cancel();
    return found;
  }

  const gone = (): OutpostError =>
    new OutpostError('local_database_damaged', 'The local database does not answer. It is started again.');

  return {
    request: (request) =>
      new Promise((resolve, reject) => {
        if (!isReady) {
          reject(gone());
          return;
        }
        lastId += 1;
        const requestId = lastId;
        const timers = [
          scheduler.after(SLOW_MS, () => onSlow(request.kind)),
          scheduler.after(ANSWER_LIMIT_MS, () => settle(requestId)?.reject(gone())),
        ];
        waiting.set(requestId, { resolve, reject, timers });
        send(requestId, request);
      }),
    takeAnswer({ requestId, ok, value }) {
      const asked = settle(requestId);
      if (asked === undefined) return;
      if (ok) asked.resolve(value);
      else
        asked.reject(
          isErrorData(value)
            ? fromErrorData(value)
            : new OutpostError('internal', 'The local database answered with an unknown error.'),
        );
    },
    noteReady() {
      isReady = true;
    },
    noteGone() {
      isReady = false;
      for (const requestId of waiting.keys()) settle(requestId)?.reject(gone());
    },
    isReady: () => isReady,
  };
}
