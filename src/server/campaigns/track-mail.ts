// What comes back of a mail: it was opened, a link was followed, its reader wants no more, it bounced, somebody complained.
// Everything may come twice, and counts once for the person.
import { timingSafeEqual } from 'node:crypto';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { CampaignContext } from '#server/campaigns/campaign-context.ts';
import type { CampaignJobs } from '#server/campaigns/campaign-jobs.ts';
import type { MailLink } from '#server/campaigns/signed-links.ts';
import { markOptedOut, suppress } from '#server/campaigns/suppression.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { ProviderEvent } from '#server/campaigns/reports/read-events.ts';
import type { BounceReport } from '#shared/mail/read-bounce.ts';

export interface MailTracking {
  opened(link: MailLink): Promise<void>;
  /** Where the link leads; null when the campaign has no such link. `isCounted`: a person followed it, as far as it can be told. */
  clicked(link: MailLink, isCounted: boolean): Promise<string | null>;
  left(link: MailLink): Promise<void>;
  /** Of a mail that came back: true when it shows that it is about one of ours, and that one was found. */
  returned(tenantId: TenantId, report: BounceReport): Promise<boolean>;
  /** What a provider tells; true when the mail it is about was found, and went to that address. */
  told(tenantId: TenantId, event: ProviderEvent): Promise<boolean>;
}

const OPENED = `
  UPDATE campaign_recipient SET opened_at = coalesce(opened_at, $4::bigint), opens = opens + 1,
    state = CASE WHEN state = 'unconfirmed' THEN 'sent' ELSE state END, sent_at = coalesce(sent_at, $4::bigint)
  WHERE tenant = $1 AND campaign = $2 AND no = $3 AND state IN ('sent', 'handing', 'unconfirmed')`;
/** Who followed a link has read the mail, whether the picture was loaded or not. */
const CLICKED = `
  UPDATE campaign_recipient SET clicked_at = coalesce(clicked_at, $4::bigint), clicks = clicks + 1,
    opened_at = coalesce(opened_at, $4::bigint), state = CASE WHEN state = 'unconfirmed' THEN 'sent' ELSE state END,
    sent_at = coalesce(sent_at, $4::bigint)
  WHERE tenant = $1 AND campaign = $2 AND no = $3 AND state IN ('sent', 'handing', 'unconfirmed')`;

/** That it arrived settles whether it went out. */
const ARRIVED = `
  UPDATE campaign_recipient SET state = 'sent', sent_at = coalesce(sent_at, $4::bigint)
  WHERE tenant = $1 AND campaign = $2 AND no = $3 AND state = 'unconfirmed' RETURNING no`;

export function createMailTracking({ database, clock, signer }: CampaignContext, jobs: CampaignJobs): MailTracking {
  const tracking: MailTracking = {
    async opened({ tenantId, campaignId, no }) {
      if (no === 0) return;
      await database.inTenant(tenantId, (session) => session.query(OPENED, [tenantId, campaignId, no, clock.now()]));
      await jobs.figuresChanged(tenantId, campaignId);
    },
    async clicked({ tenantId, campaignId, no, link }, isCounted) {
      const url = await database.inTenant(tenantId, async (session) => {
        const [found] = await session.query<{ url: string }>(
          'SELECT url FROM campaign_link WHERE tenant = $1 AND campaign = $2 AND no = $3',
          [tenantId, campaignId, link],
        );
        if (found === undefined || no === 0 || !isCounted) return found?.url ?? null;
        await session.query(CLICKED, [tenantId, campaignId, no, clock.now()]);
        await session.query(
          `INSERT INTO campaign_click (tenant, campaign, link, recipient, at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (tenant, campaign, link, recipient) DO UPDATE SET count = campaign_click.count + 1`,
          [tenantId, campaignId, link, no, clock.now()],
        );
        return found.url;
      });
      if (url !== null && no !== 0 && isCounted) await jobs.figuresChanged(tenantId, campaignId);
      return url;
    },
    async left({ tenantId, campaignId, no }) {
      const nowMs = clock.now();
      const isNew = await database.inTenant(tenantId, async (session) => {
        const [row] = await session.query<{ address: string; entity: string; id: string; before: number | null }>(
          `SELECT address, entity, record_id AS id, unsubscribed_at AS before FROM campaign_recipient
           WHERE tenant = $1 AND campaign = $2 AND no = $3 FOR UPDATE`,
          [tenantId, campaignId, no],
        );
        if (row === undefined || row.address === '' || row.before !== null) return false;
        await session.query(
          'UPDATE campaign_recipient SET unsubscribed_at = $4 WHERE tenant = $1 AND campaign = $2 AND no = $3',
          [tenantId, campaignId, no, nowMs],
        );
        const entry = {
          address: row.address,
          reason: 'unsubscribed',
          at: nowMs,
          campaign: campaignId,
          addedBy: null,
        } as const;
        await suppress(session, tenantId, entry);
        await markOptedOut(session, tenantId, row.address, nowMs);
        await appendAudit(session, tenantId, nowMs, [
          {
            actor: null,
            device: null,
            command: 'mail.unsubscribe',
            entity: row.entity,
            id: row.id,
            groups: ['emailOptOut'],
            outcome: 'applied',
            effect: 'update',
            isSensitive: true,
          },
        ]);
        return true;
      });
      if (isNew) await jobs.figuresChanged(tenantId, campaignId);
    },
    async returned(tenantId, { mail, ...report }) {
      if (mail === null) return false;
      // Anybody may write to that mailbox: only who had the mail knows what it is marked with.
      const mark = Buffer.from(signer.markOf(tenantId, mail.campaignId, mail.no));
      const given = Buffer.from(mail.mark);
      if (given.length !== mark.length || !timingSafeEqual(given, mark)) return false;
      return settle(tenantId, mail, report);
    },
    async told(tenantId, { recipient, mail, told }) {
      const [place] = await database.inTenant(tenantId, (session) =>
        session.query<{ campaignId: string; no: number }>(
          mail === null
            ? `SELECT campaign AS "campaignId", no FROM campaign_recipient
               WHERE tenant = $1 AND address = $2 AND state IN ('sent', 'unconfirmed') ORDER BY sent_at DESC NULLS LAST LIMIT 1`
            : `SELECT campaign AS "campaignId", no FROM campaign_recipient
               WHERE tenant = $1 AND campaign = $3 AND no = $4 AND address = $2 AND state <> 'skipped'`,
          [tenantId, recipient, ...(mail === null ? [] : [mail.campaignId, mail.no])],
        ),
      );
      if (place === undefined) return false;
      if (told !== 'unsubscribed') return settle(tenantId, place, told);
      await tracking.left({ kind: 'leave', tenantId, ...place, link: 0 });
      return true;
    },
  };
  return tracking;

  /** True when there is such a mail. */
  async function settle(
    tenantId: TenantId,
    { campaignId, no }: { readonly campaignId: string; readonly no: number },
    report: Omit<BounceReport, 'mail'>,
  ): Promise<boolean> {
    const found = await database.inTenant(tenantId, async (session) => {
      const [row] = await session.query<{ campaign: string; no: number; address: string }>(
        `SELECT campaign, no, address FROM campaign_recipient WHERE tenant = $1 AND campaign = $2 AND no = $3`,
        [tenantId, campaignId, no],
      );
      if (row === undefined) return null;
      // That a machine answered for somebody is no bounce.
      if (report.kind === 'bounce' || report.kind === 'complaint') await note(session, tenantId, row, report);
      const isNews =
        report.kind !== 'delivered' ||
        (await session.query(ARRIVED, [tenantId, campaignId, no, clock.now()])).length > 0;
      return { isNews };
    });
    if (found?.isNews === true) await jobs.figuresChanged(tenantId, campaignId);
    return found !== null;
  }

  async function note(
    session: Parameters<typeof suppress>[0],
    tenantId: TenantId,
    { campaign, no, address }: { readonly campaign: string; readonly no: number; readonly address: string },
    report: Omit<BounceReport, 'mail'>,
  ): Promise<void> {
    const nowMs = clock.now();
    if (report.kind === 'complaint') {
      await session.query(
        'UPDATE campaign_recipient SET complained_at = coalesce(complained_at, $4::bigint) WHERE tenant = $1 AND campaign = $2 AND no = $3',
        [tenantId, campaign, no, nowMs],
      );
      await suppress(session, tenantId, { address, reason: 'complained', at: nowMs, campaign, addedBy: null });
      await markOptedOut(session, tenantId, address, nowMs);
      return;
    }
    // A soft bounce may still arrive: a hard one after it counts, never the other way round.
    await session.query(
      `UPDATE campaign_recipient SET bounced_at = coalesce(bounced_at, $4::bigint), bounce_kind = $5, bounce_status = $6, bounce_reason = $7,
         state = CASE WHEN state = 'unconfirmed' THEN 'sent' ELSE state END, sent_at = coalesce(sent_at, $4::bigint)
       WHERE tenant = $1 AND campaign = $2 AND no = $3 AND bounce_kind IS DISTINCT FROM 'hard'`,
      [tenantId, campaign, no, nowMs, report.isHard ? 'hard' : 'soft', report.status, report.reason],
    );
    if (report.isHard)
      await suppress(session, tenantId, { address, reason: 'bounced', at: nowMs, campaign, addedBy: null });
  }
}
