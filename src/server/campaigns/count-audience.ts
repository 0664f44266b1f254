// How many people of an audience get a mail, and why the others do not: the same reading and judging as when it is sent.
import type { Actor } from '#shared/access/actor.ts';
import { createTimeZone, isTimeZone } from '#shared/analytics/time-zone.ts';
import { isAudience } from '#shared/campaigns/audience.ts';
import type { AudienceCount, CampaignInput } from '#shared/campaigns/campaign-calls.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { CampaignContext } from '#server/campaigns/campaign-context.ts';
import { pagesOfPeople, picksOf } from '#server/campaigns/find-people.ts';
import { picksOfFollowUp } from '#server/campaigns/follow-up.ts';
import { requireCampaign } from '#server/campaigns/publish-campaign.ts';

export async function countAudience(
  { database, sync, clock }: CampaignContext,
  actor: Actor,
  { audience, timeZone, follows }: CampaignInput<'countAudience'>,
): Promise<AudienceCount> {
  if (!isAudience(audience))
    throw new OutpostError('invalid', 'This is no audience.', { problems: ['audience:filter'] });
  const tenantId = actor.tenantId as TenantId;
  const today = createTimeZone(isTimeZone(timeZone) ? timeZone : 'UTC').dayOf(clock.now());
  if (follows !== undefined)
    await database.inTenant(tenantId, (session) => requireCampaign(session, actor, follows.campaignId));
  const picks =
    follows === undefined
      ? await picksOf(database, actor, audience, today)
      : await picksOfFollowUp(database, tenantId, follows);
  const seen = new Set<string>();
  const leftOut = new Map<string, number>();
  let recipients = 0;
  const leave = (reason: string) => leftOut.set(reason, (leftOut.get(reason) ?? 0) + 1);
  for await (const { people } of pagesOfPeople(sync, actor, picks, audience.without, null)) {
    const rows = await database.inTenant(
      tenantId,
      (session) =>
        session.query<{ address: string; reason: string }>(
          'SELECT address, reason FROM mail_suppression WHERE tenant = $1 AND address = ANY($2::text[])',
          [tenantId, people.map(({ address }) => address)],
        ),
      { snapshot: true },
    );
    const suppressed = new Map(rows.map(({ address, reason }) => [address, reason]));
    for (const { address, leftOut: reason } of people) {
      const why = reason ?? suppressed.get(address) ?? (seen.has(address) ? 'twice' : null);
      if (why === null) {
        seen.add(address);
        recipients += 1;
      } else leave(why);
    }
  }
  const counted = [...leftOut].map(([reason, count]) => ({ reason, count }));
  return { recipients, leftOut: counted.toSorted((one, other) => other.count - one.count) };
}
