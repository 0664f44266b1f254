// Everything a mail to one person is made with: who that is, with the rights of this moment, what was wished, and the inbox as
// one of the person's own computers would show it.
import { createGoals } from '#shared/analytics/goals/answer-goals.ts';
import { createTimeZone, isTimeZone, type TimeZone } from '#shared/analytics/time-zone.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { createInbox, inboxEntities, type InboxItem } from '#shared/notifications/inbox.ts';
import type { NotificationPreferences } from '#shared/notifications/preferences.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { NotificationContext } from '#server/notifications/notification-context.ts';
import { readVisibleSource } from '#server/sync/visible-source.ts';
import { languageOf, type Language } from '#server/words/open-texts.ts';

export interface Reader {
  readonly actor: Actor;
  readonly source: RecordSource;
  readonly zone: TimeZone;
  readonly timeZone: string;
  readonly language: Language;
  readonly preferences: NotificationPreferences;
  /** What waits in the inbox. */
  readonly waiting: readonly InboxItem[];
}

/** Contacts and accounts are counted by goals. */
const readEntities: ReadonlySet<EntityName> = new Set<EntityName>([...inboxEntities, 'account', 'contact', 'lead']);

export function zoneOf(profile: Readonly<Record<string, unknown>>): string {
  const { timeZone } = profile;
  return typeof timeZone === 'string' && isTimeZone(timeZone) ? timeZone : 'UTC';
}

/** Null for somebody who is not there any more, or cannot be written to. */
export async function readReader(
  context: NotificationContext,
  tenantId: TenantId,
  userId: string,
): Promise<Reader | null> {
  const { database, clock, sync } = context;
  const loaded = await database.inTenant(tenantId, (session) => readActor(session, tenantId, userId as UserId));
  if (loaded === null || !/^[^\s@<>]+@[^\s@<>]+$/.test(loaded.actor.email)) return null;
  const { actor } = loaded;
  const source = await readVisibleSource(sync, actor, readEntities);
  const profile = source.get('user', userId) ?? {};
  const timeZone = zoneOf(profile);
  const zone = createTimeZone(timeZone);
  const today = (): Day => zone.dayOf(clock.now());
  const goals = createGoals({ source, today }, zone);
  const inbox = createInbox({
    source,
    actor: () => actor,
    zone: () => zone,
    goals: () => goals.answer(actor, { time: 'current' }).value.goals,
    today,
    nowMs: () => clock.now(),
  });
  const waiting = inbox
    .items(clock.now())
    .filter(({ isRead, isArchived, snoozedUntil }) => !isRead && !isArchived && snoozedUntil === null);
  inbox.stop();
  const { locale } = profile as { readonly locale?: unknown };
  return { actor, source, zone, timeZone, language: languageOf(locale), preferences: inbox.preferences(), waiting };
}
