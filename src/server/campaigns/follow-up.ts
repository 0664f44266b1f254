// Whom a follow-up goes to: people another campaign reached, by what they did with it.
import type { FollowUp } from '#shared/campaigns/follow-up.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Picks } from '#server/campaigns/find-people.ts';
import type { SqlDatabase } from '#server/store/database.ts';

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
