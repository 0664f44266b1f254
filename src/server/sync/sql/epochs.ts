// Epochs and reach in SQL: read and locked by whoever judges by them, bumped and announced by whoever changes rights.
import type { TerritoryReach } from '#shared/access/territory-reach.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Reach } from '#shared/sync/scope-drop.ts';
import { EPOCH_CHANNEL, toJsonBytes, type EpochNotice, type SqlSession } from '#server/store/database.ts';
import type { EpochBumps } from '#server/sync/sync-store.ts';

/** Earliest number the change can get: nothing before it was judged by the new rights. */
const NEXT_SEQ = '(SELECT seq + 1 FROM tenant_head WHERE tenant = $1)';
/** Reaches of older epochs are forgotten: a device that held them reconciles without a list. */
const EPOCHS_KEPT = 100;

interface BumpedRow {
  readonly user_id: string;
  readonly epoch: number;
}

export async function readEpochs(
  session: SqlSession,
  tenantId: TenantId,
  userIds: readonly string[],
  lock: boolean,
): Promise<ReadonlyMap<string, number>> {
  const rows = await session.query<{ userId: string; epoch: number }>(
    `SELECT user_id AS "userId", epoch FROM user_scope
     WHERE tenant = $1 AND user_id = ANY($2::text[]) ORDER BY user_id ${lock ? 'FOR SHARE' : ''}`,
    [tenantId, userIds],
  );
  return new Map(rows.map((row) => [row.userId, row.epoch]));
}

export async function bumpEpochs(
  session: SqlSession,
  tenantId: TenantId,
  bumps: EpochBumps,
  reach: ReadonlyMap<string, TerritoryReach>,
): Promise<void> {
  const named = new Map(bumps.users.map(({ userId, isActive }) => [userId, isActive]));
  if (bumps.everyone || bumps.others.length > 0)
    await bumpOthers(session, tenantId, [...named.keys()], bumps.everyone ? null : bumps.others);
  if (named.size === 0) return;
  const rows = await session.query<BumpedRow>(
    `INSERT INTO user_scope (tenant, user_id, epoch, since_seq) SELECT $1, u.id, 1, ${NEXT_SEQ}
     FROM unnest($2::text[]) AS u(id)
     ON CONFLICT (tenant, user_id) DO UPDATE SET epoch = user_scope.epoch + 1, since_seq = excluded.since_seq
     RETURNING user_id, epoch`,
    [tenantId, [...named.keys()]],
  );
  await writeTerritoryReach(session, tenantId, reach);
  for (const { user_id: userId, epoch } of rows) {
    const isActive = named.get(userId) ?? true;
    if (epoch > 1 || !isActive) await announce(session, { tenantId, userId, epoch, isActive });
  }
}

/** `only`: of these users; null: of all. */
async function bumpOthers(
  session: SqlSession,
  tenantId: TenantId,
  except: readonly string[],
  only: readonly string[] | null,
): Promise<void> {
  const rows = await session.query<BumpedRow>(
    `UPDATE user_scope SET epoch = epoch + 1, since_seq = ${NEXT_SEQ}
     WHERE tenant = $1 AND NOT (user_id = ANY($2::text[])) AND ($3::text[] IS NULL OR user_id = ANY($3::text[]))
     RETURNING user_id, epoch`,
    [tenantId, except, only],
  );
  for (const { user_id: userId, epoch } of rows) await announce(session, { tenantId, userId, epoch, isActive: true });
}

async function announce(session: SqlSession, notice: EpochNotice): Promise<void> {
  await session.query('SELECT pg_notify($1, $2)', [EPOCH_CHANNEL, JSON.stringify(notice)]);
}

export async function readTerritoryReach(
  session: SqlSession,
  tenantId: TenantId,
): Promise<ReadonlyMap<string, TerritoryReach>> {
  const rows = await session.query<TerritoryReach & { userId: string }>(
    'SELECT user_id AS "userId", territory_read AS read, territory_edit AS edit FROM user_scope WHERE tenant = $1',
    [tenantId],
  );
  return new Map(rows.map((row) => [row.userId, row]));
}

async function writeTerritoryReach(
  session: SqlSession,
  tenantId: TenantId,
  reach: ReadonlyMap<string, TerritoryReach>,
): Promise<void> {
  if (reach.size === 0) return;
  await session.query(
    `UPDATE user_scope SET territory_read = r.read, territory_edit = r.edit
     FROM json_to_recordset($2::json) AS r(id text, read text[], edit text[]) WHERE tenant = $1 AND user_id = r.id`,
    [tenantId, toJsonBytes([...reach].map(([id, { read, edit }]) => ({ id, read, edit })))],
  );
}

export async function readReach(
  session: SqlSession,
  tenantId: TenantId,
  userId: string,
  epoch: number,
): Promise<Reach | null> {
  const rows = await session.query<{ reach: Reach }>(
    'SELECT reach FROM user_reach WHERE tenant = $1 AND user_id = $2 AND epoch = $3',
    [tenantId, userId, epoch],
  );
  return rows[0]?.reach ?? null;
}

export async function writeReach(
  session: SqlSession,
  tenantId: TenantId,
  userId: string,
  epoch: number,
  reach: Reach,
): Promise<void> {
  const added = await session.query<{ epoch: number }>(
    `INSERT INTO user_reach (tenant, user_id, epoch, reach) VALUES ($1, $2, $3, $4::json)
     ON CONFLICT DO NOTHING RETURNING epoch`,
    [tenantId, userId, epoch, JSON.stringify(reach)],
  );
  if (added.length === 0) return;
  await session.query('DELETE FROM user_reach WHERE tenant = $1 AND user_id = $2 AND epoch <= $3', [
    tenantId,
    userId,
    epoch - EPOCHS_KEPT,
  ]);
}

/** Role of every user, deleted ones included. */
export async function readRoles(session: SqlSession, tenantId: TenantId): Promise<ReadonlyMap<string, string>> {
  const rows = await session.query<{ id: string; role: string }>(
    `SELECT id, coalesce(data->>'role', '') AS role FROM record WHERE tenant = $1 AND coll = 'people' AND kind = 'user'`,
    [tenantId],
  );
  return new Map(rows.map(({ id, role }) => [id, role]));
}
