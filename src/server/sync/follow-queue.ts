// The rest of what children take over from their parents: keys that are new. Nothing is lost when the server stops in
// between, because the queue is in the database; nothing is shown too early, because children were narrowed before.
import { isEditKey } from '#shared/access/shares.ts';
import type { AnyRecord, CollectionName } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { FOLLOW_CHANNEL, type SqlDatabase, type SqlSession } from '#server/store/database.ts';
import { commitChanges, type PendingCommit } from '#server/sync/commit-changes.ts';
import { MOST_FOLLOWERS } from '#server/sync/followers.ts';
import { CHANGES_OF_A_NUMBER, MANY } from '#server/sync/narrow-children.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';
import { createSqlTransaction } from '#server/sync/sql/sql-sync-store.ts';
import { readRecords } from '#server/sync/stored-record.ts';

export interface FollowDependencies {
  readonly db: SqlDatabase;
  readonly clock: Clock;
}

/** Brings children up to their parents, one transaction after the other, until nothing waits for this tenant. */
export async function continueFollowing(
  deps: FollowDependencies,
  tenantId: TenantId,
  mostOfATransaction: number = MOST_FOLLOWERS,
): Promise<void> {
  let hasMore = true;
  while (hasMore) {
    hasMore = await deps.db.inTenant(tenantId, (session) =>
      followNext(session, tenantId, deps.clock.now(), mostOfATransaction),
    );
  }
}

interface Waiting {
  readonly coll: CollectionName;
  readonly id: string;
}

/** False when nothing waits, or another server process is at it. */
async function followNext(session: SqlSession, tenantId: TenantId, nowMs: number, most: number): Promise<boolean> {
  const [waiting] = await session.query<Waiting>(
    'SELECT coll, id FROM follow_queue WHERE tenant = $1 ORDER BY coll, id LIMIT 1 FOR UPDATE SKIP LOCKED',
    [tenantId],
  );
  if (waiting === undefined) return false;
  // The parent first, as everywhere: its keys stand still while children take them over.
  const [parent] = (await readRecords(session, tenantId, [waiting], true)).values();
  const keys = (parent?.scopeKeys ?? []).filter((key) => !isEditKey(key));
  const behind = parent === undefined ? [] : await readBehind(session, tenantId, parent.record, keys, most);
  if (behind.length < most) {
    await session.query('DELETE FROM follow_queue WHERE tenant = $1 AND coll = $2 AND id = $3', [
      tenantId,
      waiting.coll,
      waiting.id,
    ]);
  }
  if (behind.length > 0) {
    const { written } = await commitChanges(createSqlTransaction(session, tenantId), nowMs, toCommits(behind));
    await written;
  }
  return true;
}

async function readBehind(
  session: SqlSession,
  tenantId: TenantId,
  parent: AnyRecord,
  keys: readonly string[],
  most: number,
): Promise<readonly PendingChange[]> {
  const field = `${parent.kind}Id`;
  const rows = await session.query<{ data: AnyRecord; keys: readonly string[]; rev: Readonly<Record<string, number>> }>(
    `SELECT data, scope_keys AS keys, field_rev AS rev FROM record
     WHERE tenant = $1 AND subject = $2 AND NOT deleted AND kind IN (${MANY}) AND data->>$3::text = $2
       AND NOT (scope_keys @> $4::text[] AND scope_keys <@ $4::text[])
     ORDER BY coll, id LIMIT ${String(most)} FOR UPDATE`,
    [tenantId, parent.id, field, keys],
  );
  return rows.flatMap(({ data, keys: before, rev }) => {
    const definition = entityOf(data.kind);
    if (definition === undefined) return [];
    return [
      {
        definition,
        action: 'update',
        groups: [],
        after: data,
        keysBefore: before,
        keysAfter: [...keys].sort(),
        fieldRevBefore: rev,
        keepsStamps: true,
      } as const,
    ];
  });
}

function toCommits(changes: readonly PendingChange[]): readonly PendingCommit[] {
  const commits: PendingCommit[] = [];
  for (let from = 0; from < changes.length; from += CHANGES_OF_A_NUMBER) {
    const part = changes.slice(from, from + CHANGES_OF_A_NUMBER);
    commits.push({ actorId: null, deviceId: null, changes: part.map((change) => ({ ...change, opId: null })) });
  }
  return commits;
}

/** Continues what waits: at the start what an earlier process left, then whatever a change leaves. */
export async function startFollowing(
  deps: FollowDependencies,
  onError: (error: unknown) => void,
): Promise<() => Promise<void>> {
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;
  const enqueue = (): void => {
    running = running
      .then(async () => {
        const tenants = isStopped ? [] : await readWaitingTenants(deps.db);
        for (const tenantId of tenants) await continueFollowing(deps, tenantId);
      })
      .catch(onError);
  };
  const unlisten = await deps.db.listen(FOLLOW_CHANNEL, enqueue);
  enqueue();
  return async () => {
    isStopped = true;
    await unlisten();
    await running;
  };
}

async function readWaitingTenants(db: SqlDatabase): Promise<readonly TenantId[]> {
  const rows = await db.transaction((session) =>
    session.query<{ tenant: string }>('SELECT DISTINCT tenant FROM follow_queue ORDER BY tenant'),
  );
  return rows.map((row) => row.tenant as TenantId);
}
