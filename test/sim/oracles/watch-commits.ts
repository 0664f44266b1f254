// Watches every commit of the servers: order, one effect of every operation, rights at arrival, what becomes of disputed
// values, and epochs that go with the rights.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { CommitRows, RecordRow } from '#server/sync/sync-store.ts';
import type { History } from '#test/sim/oracles/history.ts';
import { isSameRights, mayChange } from '#test/sim/oracles/rights.ts';
import { demand } from '#test/sim/oracles/violation.ts';
import { watchHistory } from '#test/sim/oracles/watch-history.ts';
import { watchPatch } from '#test/sim/oracles/watch-merge.ts';
import type { Committed } from '#test/sim/server/model-store.ts';
import type { ModelRow, ModelTenant } from '#test/sim/server/model-tenant.ts';
import type { Tally } from '#test/sim/world/tally.ts';

const placeOf = (row: { readonly coll: string; readonly id: string }): string => `${row.coll}/${row.id}`;

/** An operation that changed a record, with who sent it. */
interface Cause {
  readonly operation: Operation;
  readonly deviceId: string;
  readonly userId: string;
}

interface SeenChange {
  readonly row: RecordRow;
  readonly old: ModelRow;
  readonly causes: readonly Cause[];
  /** Conflicts that the transaction made. */
  readonly made: readonly AnyRecord[];
  /** Nobody else sent anything in this transaction. */
  readonly isAlone: boolean;
}

export interface CommitWatch {
  onCommit(committed: Committed, history: History): void;
  /** What the backup does not hold never happened. */
  onRestored(tenant: ModelTenant): void;
}

/** `typedBy` answers what a person typed, as it left the keyboard. */
export function createCommitWatch(
  tally: Tally,
  typedBy: (deviceId: string, opId: string) => Operation | undefined,
): CommitWatch {
  const lastTs = new Map<string, number>();
  const epochs = new Map<string, Map<string, number>>();
  /** Operations that have had an effect, with their organization. */
  const done = new Map<string, string>();

  function watchOrder({ tenant, rows }: Committed, history: History): void {
    if (rows === null) return;
    let { head } = history;
    let ts = lastTs.get(tenant.id) ?? 0;
    for (const change of rows.changes) {
      if (change.seq === head) {
        demand(change.ts === ts, 'SYNC-11', () => `two times within number ${String(change.seq)}`);
        continue;
      }
      demand(change.seq === head + 1, 'SYNC-2', () => `number ${String(change.seq)} follows ${String(head)}`);
      demand(change.ts > ts, 'SYNC-11', () => `time does not go on at number ${String(change.seq)}`);
      head = change.seq;
      ts = change.ts;
    }
    demand(head === rows.seq, 'SYNC-2', () => `the head is ${String(rows.seq)}, the log ends at ${String(head)}`);
    lastTs.set(tenant.id, ts);
  }

  function watchEffects({ tenant, rows, results, before }: Committed, history: History): void {
    if (rows === null) return;
    const byOperation = new Map(results.map((row) => [row.operation.opId, row]));
    const senders = new Set(results.map((row) => row.deviceId));
    const byPlace = new Map<string, Cause[]>();
    for (const change of rows.changes) {
      if (change.opId === null) continue;
      const row = byOperation.get(change.opId);
      demand(row !== undefined, 'SYNC-3', () => `operation ${String(change.opId)} has an effect and no verdict`);
      if (row === undefined) continue;
      const operation = typedBy(row.deviceId, change.opId) ?? row.operation;
      const causes = byPlace.get(placeOf(change)) ?? [];
      if (!causes.some((cause) => cause.operation === operation))
        causes.push({ operation, deviceId: row.deviceId, userId: row.userId });
      byPlace.set(placeOf(change), causes);
    }
    for (const opId of new Set(rows.changes.map((change) => change.opId))) {
      const key = `${byOperation.get(opId ?? '')?.deviceId ?? ''} ${String(opId)}`;
      if (opId === null) continue;
      demand(!done.has(key), 'SYNC-5', () => `operation ${opId} has a second effect`);
      done.set(key, tenant.id);
    }
    const made = rows.created.filter((row) => row.kind === 'conflict').map((row) => row.record);
    tally.conflicts += made.length;
    for (const row of [...rows.created, ...rows.updated]) {
      watchIsolation(tenant.id, row);
      watchTimes(row, rows);
      const causes = byPlace.get(placeOf(row)) ?? [];
      const old = before.get(placeOf(row));
      // Pushes of several people that share a transaction are judged on what each of them left to the next.
      const isAlone = senders.size === 1;
      if (old === undefined) watchCreation(row, causes, isAlone, history);
      else watchChange({ row, old, causes, made, isAlone }, history, rows);
    }
  }

  /** Whatever the clocks of devices say: what people changed has the time of its number, or of one it follows with. */
  function watchTimes(row: RecordRow, { changes }: CommitRows): void {
    const entries = changes.filter((change) => placeOf(change) === placeOf(row));
    if (!entries.some(({ opId, groups }) => opId !== null && groups.length > 0)) return;
    const times = entries.map(({ ts }) => new Date(ts).toISOString());
    const { createdAt, updatedAt } = row.record;
    const isNew = entries.some(({ action }) => action === 'create');
    const isRight = times.includes(updatedAt) && (!isNew || times.includes(createdAt));
    demand(isRight, 'SYNC-12', () => `${placeOf(row)} is of ${times.join(', ')} and says ${createdAt}, ${updatedAt}`);
  }

  function watchCreation(row: RecordRow, causes: readonly Cause[], isAlone: boolean, history: History): void {
    const [cause] = causes;
    if (cause === undefined || row.kind === 'conflict' || !isAlone) return;
    const rights = history.rightsAt(cause.userId, history.head);
    const mayMake = rights.isActive && rights.role !== 'viewer';
    demand(mayMake, 'SYNC-32', () => `${cause.userId} (${rights.role}) made ${placeOf(row)}`);
  }

  function watchChange({ row, old, causes, made, isAlone }: SeenChange, history: History, rows: CommitRows): void {
    watchGroups(old, row, causes);
    const direct = causes.filter(({ operation }) => operation.recordId === row.id);
    for (const { operation, userId } of isAlone ? direct : []) {
      const rights = history.rightsAt(userId, history.head);
      watchReferences(operation, userId, history, rows);
      const groups = operation.changes.map(({ group }) => group);
      const may = mayChange(rights, old.record, operation.kind, groups);
      demand(may, 'SYNC-32', () => `${userId} (${rights.role}) changed ${placeOf(row)} by ${operation.kind}`);
    }
    const [only] = direct;
    if (direct.length !== 1 || only === undefined) return;
    const { operation, deviceId } = only;
    const conflicts = made.filter((conflict) => conflict['operationId'] === operation.opId);
    if (operation.kind === 'patch') watchPatch({ operation, before: old.record, after: row.record, conflicts });
    if (operation.kind === 'delete') watchDelete(operation, placeOf(row), deviceId, history);
  }

  /** Rights and epoch change together, or not at all. */
  function watchEpochs({ tenant }: Committed, history: History, headBefore: number): void {
    const known = epochs.get(tenant.id) ?? new Map<string, number>();
    const now = new Map(tenant.epochs);
    for (const [userId, epoch] of now) {
      const old = known.get(userId) ?? 0;
      demand(epoch >= old, 'SYNC-26', () => `the epoch of ${userId} goes back`);
      if (epoch > old && old > 0) tally.epochs += 1;
      const isSame = isSameRights(history.rightsAt(userId, headBefore), history.rightsAt(userId, history.head));
      demand(isSame || epoch > old, 'SYNC-26', () => `the rights of ${userId} changed and the epoch did not`);
    }
    epochs.set(tenant.id, now);
  }

  return {
    onCommit(committed, history) {
      const { rows, before } = committed;
      tally.checks += 1;
      watchOrder(committed, history);
      watchEffects(committed, history);
      const headBefore = history.head;
      if (rows !== null) {
        history.add(rows);
        watchFollowers(rows, before, history);
        tally.historyEntries += watchHistory(rows, before);
      }
      watchEpochs(committed, history, headBefore);
    },
    onRestored(tenant) {
      lastTs.set(tenant.id, tenant.head.lastTs);
      epochs.set(tenant.id, new Map(tenant.epochs));
      for (const [key, tenantId] of done) if (tenantId === tenant.id && !tenant.results.has(key)) done.delete(key);
    },
  };
}

/** A reference is set only to what its author sees, or has just made. */
function watchReferences({ opId, changes }: Operation, userId: string, history: History, rows: CommitRows): void {
  for (const { to } of changes) {
    const id = to?.['accountId'];
    if (typeof id !== 'string' || rows.created.some((row) => row.id === id)) continue;
    const isSeen = history.isVisibleAt(userId, `accounts/${id}`, history.head);
    demand(isSeen, 'A6', () => `${opId} of ${userId} points to account ${id}, which is out of sight`);
  }
}

/** What was lost goes where the record goes. */
function watchFollowers(rows: CommitRows, before: Committed['before'], history: History): void {
  for (const row of rows.updated) {
    const old = before.get(placeOf(row))?.record;
    const hasMoved = old !== undefined && (old.ownerId !== row.record.ownerId || old.teamId !== row.record.teamId);
    if (!hasMoved || row.kind === 'conflict' || row.kind === 'user') continue;
    for (const place of history.versions.keys()) {
      const conflict = place.startsWith('inbox/') ? history.at(place, history.head)?.record : undefined;
      if (conflict?.['subjectId'] !== row.id) continue;
      const isBeside = conflict.ownerId === row.record.ownerId && conflict.teamId === row.record.teamId;
      demand(isBeside, 'SYNC-36', () => `${place} stayed with ${String(conflict.ownerId)} when ${row.id} moved`);
    }
  }
}

function watchDelete(operation: Operation, place: string, deviceId: string, history: History): void {
  const foreign = (history.versions.get(place) ?? []).filter(
    (version) => version.device !== deviceId && !version.isFollowing,
  );
  const newest = Math.max(0, ...foreign.map((version) => version.record.rev));
  demand(
    operation.baseRev >= newest,
    'SYNC-41',
    () => `${place} was deleted by somebody who had seen ${String(operation.baseRev)}, it stood at ${String(newest)}`,
  );
}

function watchGroups(old: ModelRow, row: RecordRow, causes: readonly Cause[]): void {
  const named = new Set(
    causes.flatMap(({ operation }) =>
      operation.changes.flatMap((change) =>
        [change.base, change.to, change.delta, change.add, change.remove].flatMap((part) => Object.keys(part ?? {})),
      ),
    ),
  );
  const envelope = new Set([
    'rev',
    'updatedAt',
    'updatedBy',
    ...(row.kind === 'conflict' ? ['ownerId', 'teamId', 'subjectOwnerId'] : []),
    // Where a territory stands follows from those above it.
    ...(row.kind === 'territory' ? ['hierarchyLevel', 'hierarchyPath'] : []),
  ]);
  for (const field of new Set([...Object.keys(old.record), ...Object.keys(row.record)])) {
    if (named.has(field) || envelope.has(field)) continue;
    demand(
      toCanonicalJson(old.record[field] ?? null) === toCanonicalJson(row.record[field] ?? null),
      'SYNC-30',
      () => `${row.coll}/${row.id}: ${field} changed, and no operation names it`,
    );
  }
}

/** Values carry the name of their organization. */
function watchIsolation(tenantId: string, row: RecordRow): void {
  const foreign = /~(t\d+):/g;
  for (const [, owner] of JSON.stringify(row.record).matchAll(foreign))
    demand(owner === tenantId, 'SYNC-39', () => `${placeOf(row)} of ${tenantId} holds a value of ${String(owner)}`);
}
