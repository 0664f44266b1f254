// Watches the servers of a world: what they commit, and what they answer.
import type { Operation } from '#shared/sync/operation.ts';
import type { Position } from '#server/sync/token.ts';
import { createHistory, type History } from '#test/sim/oracles/history.ts';
import { createAnswerWatch, type AnswerWatch } from '#test/sim/oracles/watch-answers.ts';
import { createCommitWatch } from '#test/sim/oracles/watch-commits.ts';
import type { Committed } from '#test/sim/server/model-store.ts';
import type { Tally } from '#test/sim/world/tally.ts';

export interface ServerWatch extends AnswerWatch {
  readonly histories: ReadonlyMap<string, History>;
  addTenant(tenantId: string): History;
  /** What a person typed, as it left the keyboard. */
  onTyped(deviceId: string, operations: readonly Operation[]): void;
  onCommit(committed: Committed): void;
}

export function createServerWatch(tally: Tally, readPosition: (token: string) => Position): ServerWatch {
  const histories = new Map<string, History>();
  const typed = new Map<string, Operation>();

  function historyOf(tenantId: string): History {
    const history = histories.get(tenantId);
    if (history === undefined) throw new Error(`There is no history of ${tenantId}.`);
    return history;
  }

  const typedBy = (deviceId: string, opId: string): Operation | undefined => typed.get(`${deviceId} ${opId}`);
  const watchCommit = createCommitWatch(tally, typedBy);

  return {
    ...createAnswerWatch(tally, readPosition, historyOf, typedBy),
    histories,
    addTenant(tenantId) {
      const history = createHistory(tenantId);
      histories.set(tenantId, history);
      return history;
    },
    onTyped(deviceId, operations) {
      for (const operation of operations) typed.set(`${deviceId} ${operation.opId}`, operation);
    },
    onCommit: (committed) => watchCommit(committed, historyOf(committed.tenant.id)),
  };
}
