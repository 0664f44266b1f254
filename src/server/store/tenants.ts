// A tenant is one organization: its rows, its order, its incarnation.
import { randomUUID } from 'node:crypto';
import type { TenantId } from '#shared/kernel/ids.ts';
import { SCHEMA_VERSION } from '#shared/sync/operation.ts';
import { claimOperator } from '#server/platform/operator.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface TenantHead {
  /** Changes when the tenant is restored from a backup: every device then builds its view anew. */
  readonly incarnation: string;
  readonly seq: number;
  /** Changes at or below it are no longer in the log. */
  readonly minSeq: number;
  readonly lastTs: number;
}

export async function createTenant(db: SqlDatabase, tenantId: TenantId, name: string, nowMs: number): Promise<void> {
  await db.inTenant(tenantId, async (session) => {
    await session.query('INSERT INTO tenant (tenant, name, created_at) VALUES ($1, $2, $3)', [tenantId, name, nowMs]);
    await session.query(
      `INSERT INTO tenant_head (tenant, incarnation, seq, min_seq, schema_version, last_ts) VALUES ($1, $2, 0, 0, $3, $4)`,
      [tenantId, randomUUID(), SCHEMA_VERSION, nowMs],
    );
    await session.query(`INSERT INTO audit_head (tenant, no, hash) VALUES ($1, 0, '')`, [tenantId]);
    await session.query('INSERT INTO platform_organization (tenant, name, created_at) VALUES ($1, $2, $3)', [
      tenantId,
      name,
      nowMs,
    ]);
    await claimOperator(session, tenantId);
  });
}

/** The head as this session's snapshot sees it, null for a tenant that does not exist. */
export async function readHead(session: SqlSession, tenantId: TenantId): Promise<TenantHead | null> {
  const rows = await session.query<TenantHead>(
    `SELECT incarnation, seq, min_seq AS "minSeq", last_ts AS "lastTs" FROM tenant_head WHERE tenant = $1`,
    [tenantId],
  );
  return rows[0] ?? null;
}
