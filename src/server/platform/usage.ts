// How much of an installation each organization uses: counted when it is asked, and once a day for the month, of which the
// highest count stands. Calls are added up as they come. Counts and nothing else.
import { Value } from 'typebox/value';
import type { TenantId } from '#shared/kernel/ids.ts';
import { billOf, PriceSchema } from '#shared/platform/billing.ts';
import { countedKinds } from '#shared/platform/plans.ts';
import type { Usage, UsageRow } from '#shared/platform/platform-messages.ts';
import { readPlans } from '#server/platform/settings.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

/** Ids of support staff while they are users of an organization: they take no seat. */
export const SUPPORT_PREFIX = 'support-';

/** The calendar month of an instant, in UTC. */
export function monthOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 7);
}

/** Users who can sign in. Support staff take no seat. */
export async function countUsers(session: SqlSession, tenantId: TenantId): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM record WHERE tenant = $1 AND coll = 'people' AND kind = 'user' AND NOT deleted
       AND coalesce(data->>'isActive', 'true') <> 'false' AND id NOT LIKE '${SUPPORT_PREFIX}%'`,
    [tenantId],
  );
  return row?.count ?? 0;
}

export async function countRecords(session: SqlSession, tenantId: TenantId): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM record WHERE tenant = $1 AND kind = ANY($2::text[]) AND NOT deleted`,
    [tenantId, countedKinds],
  );
  return row?.count ?? 0;
}

async function countBytes(session: SqlSession, tenantId: TenantId): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    'SELECT coalesce(sum(size_bytes), 0)::bigint AS count FROM file_content WHERE tenant = $1',
    [tenantId],
  );
  return row?.count ?? 0;
}

export async function readCalls(session: SqlSession, tenantId: TenantId, month: string): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    'SELECT api_calls AS count FROM platform_usage WHERE tenant = $1 AND month = $2',
    [tenantId, month],
  );
  return row?.count ?? 0;
}

/** As it is now. Within a transaction of the organization. */
export async function measureUsage(session: SqlSession, tenantId: TenantId, nowMs: number): Promise<Usage> {
  return {
    users: await countUsers(session, tenantId),
    records: await countRecords(session, tenantId),
    bytes: await countBytes(session, tenantId),
    apiCalls: await readCalls(session, tenantId, monthOf(nowMs)),
  };
}

/** Written down for the month: the highest count of it stands. */
export async function noteUsage(database: SqlDatabase, tenantId: TenantId, nowMs: number): Promise<void> {
  await database.inTenant(tenantId, async (session) => {
    const { users, records, bytes } = await measureUsage(session, tenantId, nowMs);
    const [held] = await session.query<{ plan: string }>('SELECT plan FROM platform_organization WHERE tenant = $1', [
      tenantId,
    ]);
    const plan = held?.plan ?? '';
    const price = (await readPlans(session)).find(({ id }) => id === plan)?.price ?? null;
    await session.query(
      `INSERT INTO platform_usage AS known (tenant, month, users, records, bytes, plan, price) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (tenant, month) DO UPDATE SET users = greatest(known.users, excluded.users),
         records = greatest(known.records, excluded.records), bytes = greatest(known.bytes, excluded.bytes),
         plan = excluded.plan, price = excluded.price`,
      [tenantId, monthOf(nowMs), users, records, bytes, plan, price === null ? null : JSON.stringify(price)],
    );
  });
}

export async function addCalls(session: SqlSession, tenantId: TenantId, month: string, calls: number): Promise<void> {
  await session.query(
    `INSERT INTO platform_usage AS known (tenant, month, api_calls) VALUES ($1, $2, $3)
     ON CONFLICT (tenant, month) DO UPDATE SET api_calls = known.api_calls + excluded.api_calls`,
    [tenantId, month, calls],
  );
}

/** What was written down, by month and organization, oldest first, with what it costs. */
export async function readUsage(database: SqlDatabase, from: string, until: string): Promise<readonly UsageRow[]> {
  const [plans, rows] = await database.transaction(async (session) => [
    await readPlans(session),
    await session.query<Omit<UsageRow, 'bill' | 'planName'> & { readonly price: unknown }>(
      `SELECT u.month, u.tenant AS organization, o.name, coalesce(u.plan, o.plan) AS plan, o.state, u.users, u.records, u.bytes,
         u.api_calls AS "apiCalls", u.price
       FROM platform_usage u JOIN platform_organization o ON o.tenant = u.tenant
       WHERE u.month >= $1 AND u.month <= $2 ORDER BY u.month, lower(o.name), u.tenant`,
      [from, until],
    ),
  ]);
  return rows.map(({ price, ...row }) => ({
    ...row,
    planName: plans.find(({ id }) => id === row.plan)?.name ?? row.plan,
    bill: Value.Check(PriceSchema, price) ? billOf(price, row.users, row.month) : null,
  }));
}
