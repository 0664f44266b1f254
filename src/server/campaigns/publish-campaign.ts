// From a record somebody wrote to a campaign that goes out: what it says, to whom and when stands still from here on, and is
// judged once more, because the record may come from anywhere.
import type { Actor } from '#shared/access/actor.ts';
import { keySetOf, meets } from '#shared/access/scope.ts';
import { isTimeZone } from '#shared/analytics/time-zone.ts';
import { audienceOf } from '#shared/campaigns/audience.ts';
import { followUpOf } from '#shared/campaigns/follow-up.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { campaignVariables } from '#shared/mail/mail-variables.ts';
import { unknownVariables } from '#shared/mail/render-template.ts';
import { contentOf } from '#shared/mail/template-content.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { CampaignContext, Published } from '#server/campaigns/campaign-context.ts';
import { findRun, mirrorRun } from '#server/campaigns/campaign-run.ts';
import { mayRead } from '#server/reports/judge-report.ts';
import type { SqlSession } from '#server/store/database.ts';
import { changeRecord, findRecord } from '#server/sync/write-record.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { StoredRecord } from '#server/sync/stored-record.ts';

const DAY_MS = 86_400_000;
/** Of a follow-up whose campaign has not gone out yet: it gets its time then. */
export const NOT_YET_MS = 8_000_000_000_000_000;

function problem(field: string, code: string, message: string): OutpostError {
  return new OutpostError('invalid', message, { problems: [`${field}:${code}`], messages: [message] });
}

const numberOr = (value: unknown, fallback: number): number => (typeof value === 'number' ? value : fallback);

/** @throws OutpostError `invalid`, with the field and, of variables, their names */
export function publishedOf(record: AnyRecord, publisher: AnyRecord): Published {
  const content = contentOf(record);
  const subjectB =
    typeof record['subjectB'] === 'string' && record['subjectB'].trim() !== '' ? record['subjectB'] : null;
  if (content.subject.trim() === '') throw problem('subject', 'required', 'The campaign has no subject.');
  if (content.body.trim() === '') throw problem('body', 'required', 'The campaign has no content.');
  const texts = { subject: content.subject, subjectB: subjectB ?? '', body: content.body };
  for (const [field, text] of Object.entries(texts)) {
    const unknown = unknownVariables([text], campaignVariables);
    if (unknown.length > 0) {
      const named = unknown.map((name) => `{${name}}`).join(', ');
      throw problem(field, 'variable', `Nothing is known that could be filled in for ${named}.`);
    }
  }
  const audience = audienceOf(record['audience']);
  const follows = followUpOf(record);
  if (follows === null && audience.parts.length === 0)
    throw problem('audience', 'required', 'The campaign has no audience.');
  const share = record['testShare'];
  const isTest = subjectB !== null && typeof share === 'number';
  const { locale, timeZone } = publisher as { locale?: unknown; timeZone?: unknown };
  return {
    name: textOf(record['name']),
    content,
    subjectB: isTest ? subjectB : null,
    audience,
    perHour: typeof record['perHour'] === 'number' ? record['perHour'] : null,
    bestTime: record['bestTime'] === true,
    trackOpens: record['trackOpens'] !== false,
    trackClicks: record['trackClicks'] !== false,
    test: isTest
      ? { share, by: record['testBy'] === 'clicked' ? 'clicked' : 'opened', hours: numberOr(record['testHours'], 4) }
      : null,
    follows,
    locale: typeof locale === 'string' ? locale : 'en',
    timeZone: typeof timeZone === 'string' && isTimeZone(timeZone) ? timeZone : 'UTC',
  };
}

/** A campaign the actor sees. @throws OutpostError `not_found` */
export async function requireCampaign(
  session: SqlSession,
  actor: Actor,
  campaignId: string,
  lock = false,
): Promise<StoredRecord> {
  const stored = await findRecord(session, actor.tenantId as TenantId, 'campaign', campaignId, lock);
  if (stored === null || !mayRead(actor, stored)) throw new OutpostError('not_found', 'There is no such campaign.');
  return stored;
}

/** A campaign the actor may change: whoever only sees it does not send it, hold it up or end it. @throws OutpostError `not_found`, `action_forbidden` */
export async function requireOwnCampaign(
  session: SqlSession,
  actor: Actor,
  campaignId: string,
  lock = false,
): Promise<StoredRecord> {
  const stored = await requireCampaign(session, actor, campaignId, lock);
  if (!meets(keySetOf(actor, entities.campaign, 'update'), stored.scopeKeys))
    throw new OutpostError('action_forbidden', 'You can send campaigns you may change. This one is somebody else’s.', {
      entity: 'campaign',
    });
  return stored;
}

/** Answers when it goes out. @throws OutpostError `invalid` for what cannot go out, `gone` for what did */
export function publish(
  { database, clock }: CampaignContext,
  actor: Actor,
  deviceId: string | null,
  campaignId: string,
): Promise<number> {
  const tenantId = actor.tenantId as TenantId;
  return database.inTenant(tenantId, async (session) => {
    const nowMs = clock.now();
    const stored = await requireOwnCampaign(session, actor, campaignId, true);
    const known = await findRun(session, tenantId, campaignId, true);
    if (known !== null) throw problem('state', 'current', 'This campaign was published before.');
    const publisher = await findRecord(session, tenantId, 'user', actor.userId);
    const published = publishedOf(stored.record, publisher?.record ?? stored.record);
    const dueMs = await dueOf(session, actor, stored.record, published, nowMs);
    await session.query(
      `INSERT INTO campaign_run (tenant, campaign, publisher, content, state, due_at) VALUES ($1, $2, $3, $4::json, 'scheduled', $5)`,
      [tenantId, campaignId, actor.userId, JSON.stringify(published), dueMs],
    );
    await changeRecord(session, { tenantId, nowMs, actorId: actor.userId }, stored, {
      state: 'scheduled',
      publishedAt: toInstant(nowMs),
      publishedBy: actor.userId,
    });
    await mirrorRun(session, tenantId, campaignId, nowMs);
    await appendAudit(session, tenantId, nowMs, [
      {
        actor: actor.userId,
        device: deviceId,
        command: 'campaign.published',
        entity: 'campaign',
        id: campaignId,
        groups: [],
        outcome: 'applied',
        effect: 'export',
        isSensitive: true,
      },
    ]);
    return dueMs;
  });
}

async function dueOf(
  session: SqlSession,
  actor: Actor,
  record: AnyRecord,
  { follows }: Published,
  nowMs: number,
): Promise<number> {
  if (follows !== null) {
    await requireCampaign(session, actor, follows.campaignId);
    // Held until this one is written: whoever cancels that one finds it.
    const before = await findRun(session, actor.tenantId as TenantId, follows.campaignId, true);
    if (before?.state === 'cancelled')
      throw problem('followsId', 'current', 'The campaign it follows was cancelled and will not go out.');
    if (before?.finishedAt === null || before === null) return NOT_YET_MS;
    return before.finishedAt + follows.days * DAY_MS;
  }
  const at = record['scheduledAt'];
  return typeof at === 'string' ? Math.max(nowMs, toEpochMs(at)) : nowMs;
}
