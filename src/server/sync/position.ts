// Whether a device may go on from where it says it stands. The order of the questions is the order of what matters: is it
// its own position, is it of this life of the server, of the present rights, and does the log still reach back that far.
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantHead } from '#server/store/tenants.ts';
import { dropSince, scopeChanged } from '#server/sync/reach.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';
import { badToken, type Position, type PositionSealer } from '#server/sync/token.ts';

/** @throws OutpostError `bad_token` for one of somebody else. */
export function openOwnToken(sealer: PositionSealer, token: string, actor: Actor, deviceId: string): Position {
  const position = sealer.open(token, { tenantId: actor.tenantId, userId: actor.userId, deviceId });
  const isOwn =
    position.tenantId === actor.tenantId && position.userId === actor.userId && position.deviceId === deviceId;
  if (!isOwn) throw badToken();
  return position;
}

/** The head as one user may go on from it. Throws `scope_changed` when the rights changed while the request was under way. */
export type OwnHead = (actor: Actor) => TenantHead;

/** The head for several users, as the first statement of a transaction: it takes the snapshot that everything after it is read from. */
export async function readOwnHeads(transaction: SyncTransaction, actors: readonly Actor[]): Promise<OwnHead> {
  const userIds = [...new Set(actors.map(({ userId }) => userId))];
  const [head, epochs] = await Promise.all([transaction.readHead(), transaction.readEpochs(userIds, false)]);
  return (actor) => {
    if (head === null) throw new OutpostError('not_found', 'This organization does not exist on this server.');
    const epoch = epochs.get(actor.userId) ?? 0;
    if (epoch !== actor.epoch) throw scopeChanged(epoch, null);
    return head;
  };
}

/** @throws OutpostError `scope_changed` when the rights changed while the request was under way. */
export async function readOwnHead(transaction: SyncTransaction, actor: Actor): Promise<TenantHead> {
  return (await readOwnHeads(transaction, [actor]))(actor);
}

/** A position at the head. */
export function beginOf(actor: Actor, deviceId: string, head: TenantHead, nowMs: number): Position {
  return {
    tenantId: actor.tenantId,
    userId: actor.userId,
    deviceId,
    incarnation: head.incarnation,
    epoch: actor.epoch,
    seq: head.seq,
    snapshot: null,
    done: 0,
    total: 0,
    issuedAtMs: nowMs,
  };
}

/** @throws OutpostError `incarnation_changed`, `scope_changed`, `bad_token` when the device cannot go on from there. */
export async function checkPosition(
  transaction: SyncTransaction,
  actor: Actor,
  position: Position,
  head: TenantHead,
): Promise<void> {
  if (position.incarnation !== head.incarnation || position.seq > head.seq) {
    throw new OutpostError(
      'incarnation_changed',
      'The server was restored. What this computer holds is compared with it.',
    );
  }
  if (position.epoch !== actor.epoch) {
    throw scopeChanged(actor.epoch, await dropSince(transaction, actor, position.epoch));
  }
  if (position.seq < head.minSeq) throw badToken();
}
