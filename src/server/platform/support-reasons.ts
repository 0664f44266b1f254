// Why somebody of the support staff is in an organization, beside everything they do there: the reason stands in each entry.
import type { TenantId } from '#shared/kernel/ids.ts';
import { SUPPORT_PREFIX } from '#server/platform/usage.ts';
import type { SqlSession } from '#server/store/database.ts';

interface ByActor {
  readonly actor: string | null;
  readonly detail?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The same entries, those of support staff with `support` in their detail. */
export async function withSupportReasons<Entry extends ByActor>(
  session: SqlSession,
  tenantId: TenantId,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  const ids = [...new Set(entries.flatMap(({ actor }) => (actor?.startsWith(SUPPORT_PREFIX) === true ? [actor] : [])))];
  if (ids.length === 0) return entries;
  const rows = await session.query<{ userId: string; reason: string }>(
    'SELECT user_id AS "userId", reason FROM support_access WHERE tenant = $1 AND user_id = ANY($2::text[])',
    [tenantId, ids],
  );
  const reasons = new Map(rows.map(({ userId, reason }) => [userId, reason]));
  return entries.map((entry) => {
    const support = reasons.get(entry.actor ?? '');
    return support === undefined ? entry : { ...entry, detail: { ...entry.detail, support } };
  });
}
