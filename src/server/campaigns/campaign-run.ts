// A campaign on its way, as the server keeps it, and the record everybody sees, which follows it.
import { campaignStats, type CampaignCounts, type VariantCounts } from '#shared/campaigns/campaign-figures.ts';
import type { CampaignState } from '#shared/entities/campaign/campaign.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { RUN_COLUMNS, type RunRow, type RunState } from '#server/campaigns/campaign-context.ts';
import type { SqlSession } from '#server/store/database.ts';
import { changeRecord, findRecord } from '#server/sync/write-record.ts';

export async function findRun(
  session: SqlSession,
  tenantId: TenantId,
  campaignId: string,
  lock = false,
): Promise<RunRow | null> {
  const rows = await session.query<RunRow>(
    `SELECT ${RUN_COLUMNS} FROM campaign_run WHERE tenant = $1 AND campaign = $2${lock ? ' FOR UPDATE' : ''}`,
    [tenantId, campaignId],
  );
  return rows[0] ?? null;
}

const COUNTS = `
  SELECT count(*)::int AS recipients,
    count(*) FILTER (WHERE state IN ('waiting', 'claimed', 'handing'))::int AS waiting,
    count(*) FILTER (WHERE state = 'sent')::int AS sent,
    count(*) FILTER (WHERE opened_at IS NOT NULL)::int AS opened,
    count(*) FILTER (WHERE clicked_at IS NOT NULL)::int AS clicked,
    count(*) FILTER (WHERE bounced_at IS NOT NULL)::int AS bounced,
    count(*) FILTER (WHERE bounced_at IS NOT NULL AND bounce_kind = 'hard')::int AS "hardBounced",
    count(*) FILTER (WHERE state = 'failed')::int AS failed,
    count(*) FILTER (WHERE state = 'skipped')::int AS skipped,
    count(*) FILTER (WHERE state = 'unconfirmed')::int AS unconfirmed,
    count(*) FILTER (WHERE unsubscribed_at IS NOT NULL)::int AS unsubscribed,
    count(*) FILTER (WHERE complained_at IS NOT NULL)::int AS complained
  FROM campaign_recipient WHERE tenant = $1 AND campaign = $2`;

export async function readCounts(session: SqlSession, tenantId: TenantId, campaignId: string): Promise<CampaignCounts> {
  const [counts] = await session.query<CampaignCounts>(COUNTS, [tenantId, campaignId]);
  if (counts === undefined) throw new Error('A count has a row.');
  return counts;
}

export function readVariants(
  session: SqlSession,
  tenantId: TenantId,
  campaignId: string,
): Promise<readonly VariantCounts[]> {
  return session.query<VariantCounts>(
    `SELECT variant, count(*) FILTER (WHERE state = 'sent')::int AS sent, count(opened_at)::int AS opened,
       count(clicked_at)::int AS clicked, count(bounced_at)::int AS bounced
     FROM campaign_recipient WHERE tenant = $1 AND campaign = $2 AND variant IS NOT NULL GROUP BY variant ORDER BY variant`,
    [tenantId, campaignId],
  );
}

const shownAs: Readonly<Record<RunState, CampaignState>> = {
  scheduled: 'scheduled',
  preparing: 'sending',
  sending: 'sending',
  paused: 'paused',
  sent: 'sent',
  cancelled: 'cancelled',
};

/** Writes what is known into the record, where devices find it. Nothing when nothing changed. */
export async function mirrorRun(
  session: SqlSession,
  tenantId: TenantId,
  campaignId: string,
  nowMs: number,
): Promise<void> {
  const stored = await findRecord(session, tenantId, 'campaign', campaignId, true);
  const run = await findRun(session, tenantId, campaignId);
  if (stored === null || run === null) return;
  const counts = await readCounts(session, tenantId, campaignId);
  const { total_sent: totalSent, opened, clicked, bounced, failed } = campaignStats(counts);
  const { recipients, skipped, unsubscribed, complained } = counts;
  const values = {
    state: shownAs[run.state],
    publishedBy: run.publisher,
    finishedAt: run.finishedAt === null ? null : toInstant(run.finishedAt),
    trouble: run.trouble,
    recipients,
    totalSent,
    opened,
    clicked,
    bounced,
    failed,
    skipped,
    unsubscribed,
    complained,
  };
  const isSame = Object.entries(values).every(([field, value]) => (stored.record[field] ?? null) === value);
  if (!isSame) await changeRecord(session, { tenantId, nowMs, actorId: null }, stored, values);
}

export async function setRun(
  session: SqlSession,
  tenantId: TenantId,
  campaignId: string,
  values: Partial<Pick<RunRow, 'state' | 'startedAt' | 'finishedAt' | 'trouble' | 'dueAt'>>,
): Promise<void> {
  const columns = {
    state: 'state',
    startedAt: 'started_at',
    finishedAt: 'finished_at',
    trouble: 'trouble',
    dueAt: 'due_at',
  };
  const named = Object.entries(values) as [keyof typeof columns, string | number | null][];
  const sets = named.map(([name], index) => `${columns[name]} = $${String(index + 3)}`);
  await session.query(`UPDATE campaign_run SET ${sets.join(', ')} WHERE tenant = $1 AND campaign = $2`, [
    tenantId,
    campaignId,
    ...named.map(([, value]) => value),
  ]);
}
