// Whom a follow-up goes to: people another campaign reached, by what they did with it. What follows a campaign that is cancelled
// before it went out is cancelled with it.
import type { FollowUp } from '#shared/campaigns/follow-up.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { mirrorRun } from '#server/campaigns/campaign-run.ts';
import type { Picks } from '#server/campaigns/find-people.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const conditions = {
  notOpened: 'opened_at IS NULL AND clicked_at IS NULL',
  opened: 'opened_at IS NOT NULL',
  notClicked: 'clicked_at IS NULL',
  clicked: 'clicked_at IS NOT NULL',
} as const;

export async function picksOfFollowUp(
  database: SqlDatabase,
  tenantId: TenantId,
  { campaignId, when }: Pick<FollowUp, 'campaignId' | 'when'>,
): Promise<Picks> {
  const rows = await database.inTenant(
    tenantId,
    (session) =>
      session.query<{ entity: string; id: string }>(
        `SELECT entity, record_id AS id FROM campaign_recipient
         WHERE tenant = $1 AND campaign = $2 AND state = 'sent' AND bounced_at IS NULL AND ${conditions[when]}`,
        [tenantId, campaignId],
      ),
    { snapshot: true },
  );
  const idsOf = (entity: string) => new Set(rows.filter((row) => row.entity === entity).map(({ id }) => id));
  const [contacts, leads] = [idsOf('contact'), idsOf('lead')];
  return {
    contact: contacts.size === 0 ? null : ({ id }) => contacts.has(id),
    lead: leads.size === 0 ? null : ({ id }) => leads.has(id),
  };
}

/** Whoever looks at one of them reads why. What follows a follow-up ends with it, too. */
export async function cancelFollowUps(
  session: SqlSession,
  tenantId: TenantId,
  campaignId: string,
  nowMs: number,
): Promise<void> {
  const ended = await session.query<{ campaign: string }>(
    `UPDATE campaign_run SET state = 'cancelled', trouble = 'followedCancelled'
     WHERE tenant = $1 AND state IN ('scheduled', 'paused') AND content->'follows'->>'campaignId' = $2 RETURNING campaign`,
    [tenantId, campaignId],
  );
  for (const { campaign } of ended) {
    await mirrorRun(session, tenantId, campaign, nowMs);
    await appendAudit(session, tenantId, nowMs, [
      {
        actor: null,
        device: null,
        command: 'campaign.cancel',
        entity: 'campaign',
        id: campaign,
        groups: [],
        outcome: 'applied',
        effect: 'update',
      },
    ]);
    await cancelFollowUps(session, tenantId, campaign, nowMs);
  }
}
