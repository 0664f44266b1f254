// One transaction for the pulls of several devices of an organization that follow the log: after a change everybody who is
// connected asks at once, and would wait in one line for the same few entries. Each is answered with its own rights, or with
// its own refusal; what is read for one of them is at hand for the others.
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Settled } from '#server/sync/group-commit.ts';
import { readPlanOf } from '#server/sync/keys.ts';
import { MissingTokens } from '#server/sync/mask-tokens.ts';
import { checkPosition, readOwnHeads, type OwnHead } from '#server/sync/position.ts';
import type { PullContext } from '#server/sync/pull-context.ts';
import { readLogChanges, readLogPage, type LogPage } from '#server/sync/pull-log.ts';
import type { ChangedPlace, SyncTransaction } from '#server/sync/sync-store.ts';
import type { Position } from '#server/sync/token.ts';

export interface LogPull {
  readonly actor: Actor;
  /** In the log: neither in a snapshot nor in a manifest. */
  readonly position: Position;
  /** Most items of the page. */
  readonly limit: number;
}

export interface LogAnswer extends LogPage {
  readonly caughtUp: boolean;
}

/** Answers in the order of the pulls. Throws when the store fails: each may then be tried alone. */
export async function pullTogether(
  transaction: SyncTransaction,
  maskSecret: Uint8Array,
  pulls: readonly LogPull[],
): Promise<readonly Settled<LogAnswer>[]> {
  const actors = pulls.map(({ actor }) => actor);
  // Nobody waits for the head: the snapshot has no entry behind it.
  const [own, readings] = await Promise.all([
    readOwnHeads(transaction, actors),
    Promise.all(pulls.map((pull) => beginReading(transaction, maskSecret, pull))),
  ]);
  return Promise.all(readings.map((reading) => settle(() => answer(own, reading))));
}

interface Reading {
  readonly pull: LogPull;
  readonly context: PullContext;
  readonly changes: readonly ChangedPlace[];
}

async function beginReading(transaction: SyncTransaction, maskSecret: Uint8Array, pull: LogPull): Promise<Reading> {
  const { actor, limit, position } = pull;
  const context = { transaction, actor, plan: readPlanOf(actor), limit, maskSecret };
  return { pull, context, changes: await readLogChanges(context, position.seq) };
}

async function settle(work: () => Promise<LogAnswer>): Promise<Settled<LogAnswer>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof OutpostError || error instanceof MissingTokens) return { ok: false, error };
    throw error;
  }
}

async function answer(own: OwnHead, { pull, context, changes }: Reading): Promise<LogAnswer> {
  const { actor, position } = pull;
  const head = own(actor);
  await checkPosition(context.transaction, actor, position, head);
  const page = await readLogPage(context, changes, head.seq);
  return { ...page, caughtUp: page.seq === head.seq };
}
