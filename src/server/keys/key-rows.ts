// API keys in the database. A key has one or two secrets: the present one, and while a rotation overlaps the one before it.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { ApiKey } from '#shared/sync/access-messages.ts';
import type { SqlSession } from '#server/store/database.ts';

export type KeyEndReason = 'revoked' | 'revokedByAdministrator' | 'ownerDeactivated';

export interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly permissions: readonly string[];
  readonly addresses: readonly string[];
  readonly lifetimeDays: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  readonly reason: KeyEndReason | null;
}

interface SecretRow {
  readonly keyId: string;
  readonly prefix: string;
  readonly endsAt: number | null;
  readonly lastUsedAt: number | null;
  readonly lastUsedFrom: string | null;
}

/** Of `key`. */
export const KEY_COLUMNS = `key.key_id AS id, key.name, key.user_id AS "ownerId", key.permissions, key.addresses,
  key.lifetime_days AS "lifetimeDays", key.created_at AS "createdAt", key.expires_at AS "expiresAt",
  key.revoked_at AS "revokedAt", key.revoke_reason AS reason`;

/** Keys that ended are shown for so long. */
const SHOWN_AFTER_END_MS = 90 * 86_400_000;

function toKey(row: KeyRow, secrets: readonly SecretRow[], nowMs: number): ApiKey {
  const present = secrets.find(({ endsAt }) => endsAt === null);
  const former = secrets.find(({ endsAt }) => endsAt !== null && endsAt > nowMs);
  const instant = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : toInstant(ms));
  return {
    id: row.id,
    name: row.name,
    ownerId: row.ownerId,
    prefix: present?.prefix ?? '',
    permissions: [...row.permissions],
    addresses: [...row.addresses],
    createdAt: toInstant(row.createdAt),
    expiresAt: toInstant(row.expiresAt),
    state: row.revokedAt === null ? (row.expiresAt > nowMs ? 'living' : 'expired') : 'revoked',
    reason: row.reason,
    lastUsedAt: instant(present?.lastUsedAt),
    lastUsedFrom: present?.lastUsedFrom ?? null,
    former:
      former === undefined || row.revokedAt !== null
        ? null
        : { prefix: former.prefix, endsAt: toInstant(former.endsAt ?? 0), lastUsedAt: instant(former.lastUsedAt) },
  };
}

/** Keys of one person, or of everybody; the newest first. */
export async function readKeys(
  session: SqlSession,
  tenantId: TenantId,
  ownerId: string | null,
  nowMs: number,
): Promise<readonly ApiKey[]> {
  const rows = await session.query<KeyRow>(
    `SELECT ${KEY_COLUMNS} FROM api_key key WHERE key.tenant = $1 AND ($2::text IS NULL OR key.user_id = $2)
       AND coalesce(key.revoked_at, key.expires_at) > $3 ORDER BY key.created_at DESC, key.key_id LIMIT 10000`,
    [tenantId, ownerId, nowMs - SHOWN_AFTER_END_MS],
  );
  const secrets = await session.query<SecretRow>(
    `SELECT key_id AS "keyId", prefix, ends_at AS "endsAt", last_used_at AS "lastUsedAt", last_used_from AS "lastUsedFrom"
     FROM api_key_secret WHERE tenant = $1 AND key_id = ANY($2::text[]) ORDER BY created_at DESC`,
    [tenantId, rows.map(({ id }) => id)],
  );
  const byKey = Map.groupBy(secrets, ({ keyId }) => keyId);
  return rows.map((row) => toKey(row, byKey.get(row.id) ?? [], nowMs));
}

/** Locked until the end of the transaction; null when there is none of that id. */
export async function lockKey(session: SqlSession, tenantId: TenantId, keyId: string): Promise<KeyRow | null> {
  const [row] = await session.query<KeyRow>(
    `SELECT ${KEY_COLUMNS} FROM api_key key WHERE key.tenant = $1 AND key.key_id = $2 FOR UPDATE`,
    [tenantId, keyId],
  );
  return row ?? null;
}

export async function insertKey(
  session: SqlSession,
  tenantId: TenantId,
  row: Omit<KeyRow, 'revokedAt' | 'reason'>,
): Promise<void> {
  const { id, ownerId, name, permissions, addresses, lifetimeDays, createdAt, expiresAt } = row;
  await session.query(
    `INSERT INTO api_key (tenant, key_id, user_id, name, permissions, addresses, lifetime_days, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [tenantId, id, ownerId, name, permissions, addresses, lifetimeDays, createdAt, expiresAt],
  );
}

/** A new secret; the one before it, if any, works until `formerUntilMs`, and all older ones are gone. */
export async function insertSecret(
  session: SqlSession,
  tenantId: TenantId,
  secret: { readonly keyId: string; readonly prefix: string; readonly hash: string },
  formerUntilMs: number,
  nowMs: number,
): Promise<void> {
  const { keyId, prefix, hash } = secret;
  await session.query('DELETE FROM api_key_secret WHERE tenant = $1 AND key_id = $2 AND ends_at IS NOT NULL', [
    tenantId,
    keyId,
  ]);
  await session.query('UPDATE api_key_secret SET ends_at = $3 WHERE tenant = $1 AND key_id = $2', [
    tenantId,
    keyId,
    formerUntilMs,
  ]);
  await session.query(
    'INSERT INTO api_key_secret (tenant, prefix, key_id, hash, created_at) VALUES ($1, $2, $3, $4, $5)',
    [tenantId, prefix, keyId, hash, nowMs],
  );
}

export async function prolongKey(
  session: SqlSession,
  tenantId: TenantId,
  keyId: string,
  expiresAtMs: number,
): Promise<void> {
  await session.query('UPDATE api_key SET expires_at = $3 WHERE tenant = $1 AND key_id = $2', [
    tenantId,
    keyId,
    expiresAtMs,
  ]);
}

export async function revokeKey(
  session: SqlSession,
  tenantId: TenantId,
  keyId: string,
  reason: KeyEndReason,
  nowMs: number,
): Promise<void> {
  await session.query(
    `UPDATE api_key SET revoked_at = $3, revoke_reason = $4 WHERE tenant = $1 AND key_id = $2 AND revoked_at IS NULL`,
    [tenantId, keyId, nowMs, reason],
  );
}

/** Every living key of this person ends. */
export async function revokeKeysOf(
  session: SqlSession,
  { tenantId, userId }: { readonly tenantId: TenantId; readonly userId: UserId },
  reason: KeyEndReason,
  nowMs: number,
): Promise<void> {
  await session.query(
    `UPDATE api_key SET revoked_at = $3, revoke_reason = $4 WHERE tenant = $1 AND user_id = $2 AND revoked_at IS NULL`,
    [tenantId, userId, nowMs, reason],
  );
}
