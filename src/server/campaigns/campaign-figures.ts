// What came of a campaign, read for whoever asks: figures as the documents name them, links, subjects, why people were left out.
import type { CampaignStatistics, RecipientLine } from '#shared/campaigns/campaign-calls.ts';
import { campaignStats, rateText } from '#shared/campaigns/campaign-figures.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { NOT_YET_MS } from '#server/campaigns/publish-campaign.ts';
import { findRun, readCounts, readVariants } from '#server/campaigns/campaign-run.ts';
import type { SqlSession } from '#server/store/database.ts';

type Counted = readonly { readonly reason: string; readonly count: number }[];

const grouped = (column: string, condition: string): string =>
  `SELECT ${column} AS reason, count(*)::int AS count FROM campaign_recipient
   WHERE tenant = $1 AND campaign = $2 AND ${condition} GROUP BY 1 ORDER BY 2 DESC, 1`;

export async function readStatistics(
  session: SqlSession,
  tenantId: TenantId,
  campaignId: string,
): Promise<CampaignStatistics> {
  const place = [tenantId, campaignId] as const;
  const run = await findRun(session, tenantId, campaignId);
  const counts = await readCounts(session, tenantId, campaignId);
  // Each question goes through all recipients: of what there is none, nothing is asked.
  const variants = (run?.content.test ?? null) === null ? [] : await readVariants(session, tenantId, campaignId);
  const links = await session.query<{ url: string; clicks: number; people: number }>(
    `SELECT l.url, coalesce(sum(c.count), 0)::int AS clicks, count(c.recipient)::int AS people FROM campaign_link l
     LEFT JOIN campaign_click c ON c.tenant = l.tenant AND c.campaign = l.campaign AND c.link = l.no
     WHERE l.tenant = $1 AND l.campaign = $2 GROUP BY l.no, l.url ORDER BY l.no`,
    place,
  );
  const [next] = await session.query<{ at: number | null }>(
    `SELECT min(due_at)::float8 AS at FROM campaign_recipient WHERE tenant = $1 AND campaign = $2 AND state = 'waiting'`,
    place,
  );
  const stats = campaignStats(counts);
  const { recipients, waiting, skipped, unconfirmed, unsubscribed, complained, hardBounced } = counts;
  const reasonsOf = async (isThere: boolean, column: string, condition: string): Promise<Counted> =>
    isThere ? session.query<Counted[number]>(grouped(column, condition), place) : [];
  const times = await reasonsOf(run?.content.bestTime === true, 'because', 'because IS NOT NULL');
  return {
    ...stats,
    recipients,
    waiting,
    skipped,
    unconfirmed,
    unsubscribed,
    complained,
    hard_bounced: hardBounced,
    state: run?.state ?? 'draft',
    trouble: run?.trouble ?? null,
    // A follow-up of what has not gone out yet has no time of its own.
    next_at: next?.at ?? (run?.state === 'scheduled' && run.dueAt < NOT_YET_MS ? run.dueAt : null),
    links: links.map((link) => ({
      ...link,
      rate: rateText(link.people, stats.delivered),
    })),
    variants: variants.map(({ variant, sent, opened, clicked, bounced }) => ({
      variant,
      sent,
      opened,
      clicked,
      open_rate: rateText(opened, sent - bounced),
      click_rate: rateText(clicked, sent - bounced),
    })),
    winner: run?.winner ?? null,
    left_out: [...(await reasonsOf(skipped > 0, 'reason', `state = 'skipped' AND reason IS NOT NULL`))],
    bounce_reasons: [
      ...(await reasonsOf(stats.bounced > 0, 'bounce_reason', 'bounced_at IS NOT NULL AND bounce_reason IS NOT NULL')),
    ],
    send_times: times.map(({ reason, count }) => ({
      because: reason,
      count,
    })),
  };
}

export const RECIPIENTS_OF_PAGE = 200;

/** By the records they are: whoever does not see one of them does not learn its address here. */
export function readRecipients(
  session: SqlSession,
  tenantId: TenantId,
  campaignId: string,
  state: string | null,
  behind: number,
): Promise<readonly RecipientLine[]> {
  const conditions: Readonly<Record<string, string>> = {
    sent: `state = 'sent'`,
    opened: 'opened_at IS NOT NULL',
    clicked: 'clicked_at IS NOT NULL',
    bounced: 'bounced_at IS NOT NULL',
    failed: `state = 'failed'`,
    skipped: `state = 'skipped'`,
    unconfirmed: `state = 'unconfirmed'`,
    waiting: `state IN ('waiting', 'claimed', 'handing')`,
    unsubscribed: 'unsubscribed_at IS NOT NULL',
    complained: 'complained_at IS NOT NULL',
  };
  const asked = state === null || !Object.hasOwn(conditions, state) ? 'true' : (conditions[state] ?? 'true');
  return session.query<RecipientLine>(
    `SELECT no, entity, record_id AS "recordId", state, reason, detail, variant, due_at::float8 AS "dueAt", because,
       sent_at::float8 AS "sentAt", opened_at::float8 AS "openedAt", opens, clicked_at::float8 AS "clickedAt", clicks,
       bounce_kind AS "bounceKind", bounce_reason AS "bounceReason"
     FROM campaign_recipient WHERE tenant = $1 AND campaign = $2 AND no > $3 AND ${asked} ORDER BY no LIMIT ${String(RECIPIENTS_OF_PAGE)}`,
    [tenantId, campaignId, behind],
  );
}
