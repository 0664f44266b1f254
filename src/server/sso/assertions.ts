import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';

/** False when this assertion opened something before. It is remembered until nobody would take it any more. */
export async function useAssertion(
  session: SqlSession,
  place: { readonly tenantId: TenantId; readonly providerId: string; readonly assertionId: string },
  untilMs: number,
  nowMs: number,
): Promise<boolean> {
  const { tenantId, providerId, assertionId } = place;
  await session.query('DELETE FROM sso_assertion WHERE tenant = $1 AND expires_at < $2', [tenantId, nowMs]);
  const rows = await session.query(
    `INSERT INTO sso_assertion (tenant, provider_id, assertion_id, expires_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING 1 AS one`,
    [tenantId, providerId, assertionId, untilMs],
  );
  return rows.length > 0;
}
