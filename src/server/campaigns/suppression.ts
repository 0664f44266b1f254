// Addresses nothing is sent to any more: whoever said so, complained, or cannot be reached for good. They belong to the
// organization and hold for every campaign; a later reason does not replace a stronger one.
import type { TenantId } from '#shared/kernel/ids.ts';
import { plainAddress } from '#shared/campaigns/audience.ts';
import type { SqlSession } from '#server/store/database.ts';
import { changeRecord, findRecord } from '#server/sync/write-record.ts';

export type SuppressionReason = 'unsubscribed' | 'complained' | 'bounced' | 'blocked';

export interface Suppression {
  readonly address: string;
  readonly reason: SuppressionReason;
  readonly at: number;
  readonly campaign: string | null;
  readonly addedBy: string | null;
}

export async function suppress(session: SqlSession, tenantId: TenantId, entry: Suppression): Promise<void> {
  await session.query(
    `INSERT INTO mail_suppression (tenant, address, reason, at, campaign, added_by) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (tenant, address) DO UPDATE SET reason = excluded.reason, at = excluded.at, campaign = excluded.campaign,
       added_by = excluded.added_by
     WHERE mail_suppression.reason = 'bounced' AND excluded.reason <> 'bounced'`,
    [tenantId, plainAddress(entry.address), entry.reason, entry.at, entry.campaign, entry.addedBy],
  );
}

/** The objection stands in the records of the person, too, where everybody who sees them finds it. */
export async function markOptedOut(
  session: SqlSession,
  tenantId: TenantId,
  address: string,
  nowMs: number,
): Promise<void> {
  const found = await session.query<{ kind: 'contact' | 'lead'; id: string }>(
    `SELECT DISTINCT entity AS kind, record_id AS id FROM campaign_recipient WHERE tenant = $1 AND address = $2 ORDER BY 1, 2`,
    [tenantId, plainAddress(address)],
  );
  for (const { kind, id } of found) {
    const stored = await findRecord(session, tenantId, kind, id, true);
    const email = stored?.record['email'];
    if (typeof email !== 'string' || plainAddress(email) !== plainAddress(address)) continue;
    if (stored !== null && stored.record['emailOptOut'] !== true)
      await changeRecord(session, { tenantId, nowMs, actorId: null }, stored, { emailOptOut: true });
  }
}
