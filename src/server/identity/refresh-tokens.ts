// Refresh tokens: 256 bits, stored as hashes, each used once. All tokens of a session are one family: whoever uses a
// token a second time ends the family, because two people hold it. The one exception is a lost answer: the same
// device repeating the same request within GRACE_MS, before the successor was used, gets the same successor again.
import { createHash } from 'node:crypto';
import { isId, type TenantId } from '#shared/kernel/ids.ts';
import type { RandomSource } from '#shared/kernel/ports.ts';
import type { SqlSession } from '#server/store/database.ts';

export const GRACE_MS = 10_000;
/** A device that stays away longer signs in again. */
export const SESSION_LIFETIME_MS = 30 * 86_400_000;

export interface RefreshRow {
  readonly sessionId: string;
  readonly userId: string;
  readonly device: string;
  readonly deviceName: string;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  readonly revokeReason: string | null;
  readonly generation: number;
  readonly usedAt: number | null;
  readonly successorNonce: string | null;
  readonly successorUsedAt: number | null;
}

/** A token is `<tenant>~<secret>`: the tenant must be known to look it up. */
export function createRefreshToken(tenantId: TenantId, random: RandomSource): string {
  return `${tenantId}~${Buffer.from(random.bytes(32)).toString('base64url')}`;
}

export function tenantOfRefreshToken(token: string): TenantId | null {
  const [tenantId, secret, ...rest] = token.split('~');
  if (!isId(tenantId) || secret === undefined || rest.length > 0) return null;
  return tenantId as TenantId;
}

export function hashRefreshToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

export function deriveSuccessor(tenantId: TenantId, token: string, nonce: string): string {
  return `${tenantId}~${createHash('sha256').update(`successor\n${nonce}\n${token}`).digest('base64url')}`;
}

/** The row of a token and its session, locked until the end of the transaction. */
export async function lockRefreshRow(
  session: SqlSession,
  tenantId: TenantId,
  token: string,
): Promise<RefreshRow | null> {
  const rows = await session.query<RefreshRow>(
    `SELECT s.session_id AS "sessionId", s.user_id AS "userId", s.device, s.device_name AS "deviceName", s.expires_at AS "expiresAt",
       s.revoked_at AS "revokedAt", s.revoke_reason AS "revokeReason", f.generation, f.used_at AS "usedAt",
       f.successor_nonce AS "successorNonce",
       (SELECT n.used_at FROM refresh_family n WHERE n.tenant = f.tenant AND n.token_hash = f.successor_hash) AS "successorUsedAt"
     FROM refresh_family f JOIN session s ON s.tenant = f.tenant AND s.session_id = f.session_id
     WHERE f.tenant = $1 AND f.token_hash = $2 FOR UPDATE OF f, s`,
    [tenantId, hashRefreshToken(token)],
  );
  return rows[0] ?? null;
}

export async function storeFirstToken(
  session: SqlSession,
  place: { readonly tenantId: TenantId; readonly sessionId: string },
  token: string,
  nowMs: number,
): Promise<void> {
  await session.query(
    'INSERT INTO refresh_family (tenant, token_hash, session_id, generation, created_at) VALUES ($1, $2, $3, 1, $4)',
    [place.tenantId, hashRefreshToken(token), place.sessionId, nowMs],
  );
}

/** Marks the token as used and answers its successor. */
export async function rotateToken(
  session: SqlSession,
  tenantId: TenantId,
  row: RefreshRow,
  token: string,
  random: RandomSource,
  nowMs: number,
): Promise<string> {
  const nonce = Buffer.from(random.bytes(32)).toString('base64url');
  const successor = deriveSuccessor(tenantId, token, nonce);
  await session.query(
    'UPDATE refresh_family SET used_at = $3, successor_nonce = $4, successor_hash = $5 WHERE tenant = $1 AND token_hash = $2',
    [tenantId, hashRefreshToken(token), nowMs, nonce, hashRefreshToken(successor)],
  );
  await session.query(
    'INSERT INTO refresh_family (tenant, token_hash, session_id, generation, created_at) VALUES ($1, $2, $3, $4, $5)',
    [tenantId, hashRefreshToken(successor), row.sessionId, row.generation + 1, nowMs],
  );
  // Tokens older than a session can live are refused anyway.
  await session.query('DELETE FROM refresh_family WHERE tenant = $1 AND session_id = $2 AND used_at < $3', [
    tenantId,
    row.sessionId,
    nowMs - SESSION_LIFETIME_MS,
  ]);
  return successor;
}
