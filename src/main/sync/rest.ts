// Waiting for the engine to come to rest.
import { fromErrorData, type ErrorData, type OutpostError } from '#shared/kernel/errors.ts';
import type { EnginePhase } from '#shared/sync/engine-events.ts';

export interface Rest {
  /** Settles when everything was exchanged; rejects with the reason when the engine stops before. */
  next(): Promise<void>;
  note(phase: EnginePhase, error: ErrorData | null): void;
}

export function createRest(): Rest {
  const waiting: { readonly resolve: () => void; readonly reject: (cause: OutpostError) => void }[] = [];
  return {
    next: () =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
      }),
    note(phase, error) {
      if (phase === 'pulling' || phase === 'pushing') return;
      const reason = error ?? { code: 'server_unreachable', message: 'The server cannot be reached now.', details: {} };
      for (const { resolve, reject } of waiting.splice(0)) {
        if (phase === 'idle') resolve();
        else reject(fromErrorData(reason));
      }
    },
  };
}
