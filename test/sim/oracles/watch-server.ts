// Watches the servers of a world: what they commit, and what they answer.
import type { Operation } from '#shared/sync/operation.ts';
import type { Position } from '#server/sync/token.ts';
import { createHistory, type History } from '#test/sim/oracles/history.ts';
import { createAnswerWatch, type AnswerWatch, type TakenBack } from '#test/sim/oracles/watch-answers.ts';
import { createCommitWatch } from '#test/sim/oracles/watch-commits.ts';
import type { Committed } from '#test/sim/server/model-store.ts';
import type { ModelTenant } from '#test/sim/server/model-tenant.ts';
import type { Tally } from '#test/sim/world/tally.ts';

export interface ServerWatch extends AnswerWatch {
  readonly histories: ReadonlyMap<string, History>;
  addTenant(tenant: ModelTenant): void;
  /** What a person typed, as it left the keyboard. */
  onTyped(deviceId: string, operations: readonly Operation[]): void;
  onCommit(committed: Committed): void;
  /** The organization stands as its backup, in another life of the server. Tells what was taken back. */
  onRestored(tenant: ModelTenant): readonly TakenBack[];
  /** The books of a life of the server, also of one that is over. */
  lifeOf(position: Position): History;
}

export function createServerWatch(tally: Tally, readPosition: (token: string) => Position): ServerWatch {
  const histories = new Map<string, History>();
  const lives = new Map<string, History>();
  const typed = new Map<string, Operation>();

  function historyOf(tenantId: string): History {
    const history = histories.get(tenantId);
    if (history === undefined) throw new Error(`There is no history of ${tenantId}.`);
    return history;
  }

  const typedBy = (deviceId: string, opId: string): Operation | undefined => typed.get(`${deviceId} ${opId}`);
  const watchCommit = createCommitWatch(tally, typedBy);

  const answerWatch = createAnswerWatch(tally, readPosition, historyOf, typedBy);

  function begin({ id, head }: ModelTenant, history: History): void {
    histories.set(id, history);
    lives.set(head.incarnation, history);
  }

  return {
    ...answerWatch,
    histories,
    addTenant(tenant) {
      begin(tenant, createHistory(tenant.id));
    },
    onRestored(tenant) {
      begin(tenant, historyOf(tenant.id).restoredTo(tenant.head.seq));
      watchCommit.onRestored(tenant);
      return answerWatch.onRestored(tenant);
    },
    lifeOf: ({ tenantId, incarnation }) => lives.get(incarnation) ?? historyOf(tenantId),
    onTyped(deviceId, operations) {
      for (const operation of operations) typed.set(`${deviceId} ${operation.opId}`, operation);
    },
    onCommit: (committed) => watchCommit.onCommit(committed, historyOf(committed.tenant.id)),
  };
}
