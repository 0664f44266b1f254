// A user's rights and reach are what the epoch counts. Whoever changes them bumps it in the same transaction, so there
// is no instant at which the new rights are stored and the old epoch still counts.
import { ANY, isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import type { TerritoryReach } from '#shared/access/territory-reach.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { EPOCH_CHANNEL, toJsonBytes, type EpochNotice, type SqlSession } from '#server/store/database.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';
import { lockTrees, reachAfter, readTerritories } from '#server/sync/territory-tree.ts';

/** Merge groups of a user that decide what the user may do or see. `owner` holds the team. */
const RIGHTS_OF_USER = new Set(['role', 'isActive', 'owner', 'teamId', 'teamIds', 'permissions']);
/** Merge groups of a team that decide who belongs to it or leads it. */
const SHAPE_OF_TEAM = new Set(['parentId', 'leadId', 'memberIds', 'owner']);

/** Merge groups of a custom role that decide what its holders may do, and the name their devices show. */
const RIGHTS_OF_ROLE = new Set(['name', 'permissions', 'scopes']);

const rightsEntities: ReadonlySet<EntityName> = new Set(['user', 'team', 'territory', 'role', 'fieldRule', 'piiRule']);

/** Earliest number the change can get: nothing before it was judged by the new rights. */
const NEXT_SEQ = '(SELECT seq + 1 FROM tenant_head WHERE tenant = $1)';

/** Merge groups of a territory that decide who reaches the records of which territory. */
const SHAPE_OF_TERRITORY = new Set([
  'parentId',
  'managerId',
  'memberIds',
  'memberAccess',
  'shareWithParent',
  'shareWithChildren',
  'recursiveSharing',
]);

interface Bump {
  readonly userId: string;
  readonly isActive: boolean;
}

export async function bumpEpochs(
  session: SqlSession,
  tenantId: TenantId,
  changes: readonly PendingChange[],
): Promise<void> {
  if (!changes.some((change) => rightsEntities.has(change.definition.name))) return;
  // Changes of rights take turns: whoever gets a role while its rules change is counted by one of the two.
  await session.query('SELECT tenant FROM tenant WHERE tenant = $1 FOR UPDATE', [tenantId]);
  const bumps = new Map<string, Bump>();
  for (const change of changes) {
    if (isOf(change, 'user') && touches(change, RIGHTS_OF_USER)) {
      const isActive = change.action !== 'delete' && change.after['isActive'] !== false;
      bumps.set(change.after.id, { userId: change.after.id, isActive });
    }
  }
  const reach = await changeReach(session, tenantId, changes);
  for (const userId of reach.keys()) {
    if (!bumps.has(userId)) bumps.set(userId, { userId, isActive: true });
  }
  if (changes.some((change) => isOf(change, 'team') && touches(change, SHAPE_OF_TEAM))) {
    // The tree decides for users that no change names; re-reading everything is the safe side, and it is rare.
    await bumpAll(session, tenantId, new Set(bumps.keys()));
  } else await bumpRoles(session, tenantId, changes, new Set(bumps.keys()));
  if (bumps.size === 0) return;
  const rows = await session.query<{ user_id: string; epoch: number }>(
    `INSERT INTO user_scope (tenant, user_id, epoch, since_seq) SELECT $1, u.id, 1, ${NEXT_SEQ}
     FROM unnest($2::text[]) AS u(id)
     ON CONFLICT (tenant, user_id) DO UPDATE SET epoch = user_scope.epoch + 1, since_seq = excluded.since_seq
     RETURNING user_id, epoch`,
    [tenantId, [...bumps.keys()]],
  );
  await writeReach(session, tenantId, reach);
  for (const row of rows) {
    const isActive = bumps.get(row.user_id)?.isActive ?? true;
    if (row.epoch > 1 || !isActive)
      await announce(session, { tenantId, userId: row.user_id, epoch: row.epoch, isActive });
  }
}

/** Users whose territories are no longer what is written in their row, with what they reach now. */
async function changeReach(
  session: SqlSession,
  tenantId: TenantId,
  changes: readonly PendingChange[],
): Promise<ReadonlyMap<string, TerritoryReach>> {
  const found = new Map<string, TerritoryReach>();
  if (!changes.some((change) => isOf(change, 'territory') && touches(change, SHAPE_OF_TERRITORY))) return found;
  await lockTrees(session, tenantId);
  const after = reachAfter(await readTerritories(session, tenantId), changes);
  const rows = await session.query<TerritoryReach & { userId: string }>(
    'SELECT user_id AS "userId", territory_read AS read, territory_edit AS edit FROM user_scope WHERE tenant = $1',
    [tenantId],
  );
  const before = new Map(rows.map((row) => [row.userId, row]));
  for (const userId of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(userId) ?? NOWHERE;
    const is = after.get(userId) ?? NOWHERE;
    if (was.read.join(' ') !== is.read.join(' ') || was.edit.join(' ') !== is.edit.join(' ')) found.set(userId, is);
  }
  return found;
}

const NOWHERE: TerritoryReach = { read: [], edit: [] };

async function writeReach(
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

/** Whoever holds a role whose grants or field rules change; all but administrators when a default or the registry does. */
async function bumpRoles(
  session: SqlSession,
  tenantId: TenantId,
  changes: readonly PendingChange[],
  except: ReadonlySet<string>,
): Promise<void> {
  const roles = new Set<string>();
  for (const change of changes) {
    if (isOf(change, 'piiRule')) roles.add(ANY);
    if (isOf(change, 'fieldRule')) roles.add(String(change.after['role']));
    if (isOf(change, 'role') && touches(change, RIGHTS_OF_ROLE)) roles.add(change.after.id);
  }
  if (roles.size === 0) return;
  const rows = await session.query<{ id: string; role: string }>(
    `SELECT id, coalesce(data->>'role', '') AS role FROM record WHERE tenant = $1 AND coll = 'people' AND kind = 'user'`,
    [tenantId],
  );
  const isMeant = (role: string) => roles.has(role) || (roles.has(ANY) && !isUnrestrictedRole(role));
  const holders = rows.filter(({ role }) => isMeant(role)).map(({ id }) => id);
  await bumpAll(session, tenantId, except, holders);
}

/** `only`: of these users; null: of all. */
async function bumpAll(
  session: SqlSession,
  tenantId: TenantId,
  except: ReadonlySet<string>,
  only: readonly string[] | null = null,
): Promise<void> {
  const rows = await session.query<{ user_id: string; epoch: number }>(
    `UPDATE user_scope SET epoch = epoch + 1, since_seq = ${NEXT_SEQ}
     WHERE tenant = $1 AND NOT (user_id = ANY($2::text[])) AND ($3::text[] IS NULL OR user_id = ANY($3::text[]))
     RETURNING user_id, epoch`,
    [tenantId, [...except], only],
  );
  for (const row of rows) await announce(session, { tenantId, userId: row.user_id, epoch: row.epoch, isActive: true });
}

async function announce(session: SqlSession, notice: EpochNotice): Promise<void> {
  await session.query('SELECT pg_notify($1, $2)', [EPOCH_CHANNEL, JSON.stringify(notice)]);
}

function isOf(change: PendingChange, entity: EntityName): boolean {
  return change.definition.name === entity;
}

function touches(change: PendingChange, groups: ReadonlySet<string>): boolean {
  return change.action !== 'update' || change.groups.some((group) => groups.has(group));
}

/** The current epoch of a user; 0 for one that does not exist. `lock` keeps it from changing until the commit. */
export async function readEpoch(
  session: SqlSession,
  tenantId: TenantId,
  userId: string,
  lock: boolean,
): Promise<number> {
  return (await readEpochs(session, tenantId, [userId], lock)).get(userId) ?? 0;
}

/** The current epochs of several users; those that do not exist are missing. */
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
