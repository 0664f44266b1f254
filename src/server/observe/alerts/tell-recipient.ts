// Tells somebody of an alert, in the inbox and by mail, in the own language; only who may still see the health of the system. It says what
// was measured and what the limit is; nothing in it is about records.
import { alertMetrics } from '#shared/observe/alert-rules.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { entities } from '#shared/entities/registry.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { JobKind } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import type { WatchedMailer } from '#server/mail/watch-mailer.ts';
import { findAlert } from '#server/observe/alerts/alert-store.ts';
import { sendBranded } from '#server/mail/branded-mail.ts';
import { tellPerson } from '#server/notifications/tell-person.ts';
import { wordsFor } from '#server/reports/report-words.ts';
import { findRecord } from '#server/sync/write-record.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export interface TellJob {
  readonly tenantId: TenantId;
  readonly alertId: string;
  readonly userId: string;
  readonly isOver: boolean;
}

const MAILS_AT_ONCE = 2;
const MOST_SECONDS = 300;

export function createTelling(options: {
  readonly database: SqlDatabase;
  readonly mailer: WatchedMailer | null;
  readonly clock: Clock;
}): JobKind<TellJob> {
  const { database, mailer, clock } = options;
  return {
    queue: 'emails',
    name: 'alert-mail',
    atOnce: MAILS_AT_ONCE,
    mostSeconds: MOST_SECONDS,
    async work({ tenantId, alertId, userId, isOver }) {
      const found = await database.inTenant(tenantId, async (session) => ({
        alert: await findAlert(session, tenantId, alertId),
        profile: await findRecord(session, tenantId, 'user', userId),
        actor: (await readActor(session, tenantId, userId as UserId))?.actor ?? null,
      }));
      const { alert, profile, actor } = found;
      if (alert === null || actor === null || !actor.permissions.includes('system.health')) return;
      const words = await wordsFor(profile?.record ?? {}, 'UTC', entities);
      const { t } = words;
      const { rule, worst } = alert;
      const { unit } = alertMetrics[rule.metric];
      const name = rule.name === '' ? t(`operations.metrics.${rule.metric}`) : rule.name;
      const value = t(`operations.units.${unit}`, { value: isOver ? alert.value : worst });
      const limit = t(`operations.units.${unit}`, { value: rule.limit });
      const facts = { name, value, limit, when: words.instant(toEpochMs(alert.beganAt)) };
      const title = t(isOver ? 'operations.mail.overSubject' : `operations.mail.${rule.severity}Subject`, facts);
      const text = [
        t(isOver ? 'operations.mail.over' : `operations.mail.${rule.comparison}`, facts),
        t('operations.mail.next'),
      ].join('\n\n');
      const about = [tenantId, alertId, userId, String(isOver)] as const;
      const notice = { id: stableId('alert-notice', ...about), userId, title, text };
      await database.inTenant(tenantId, (session) => tellPerson(session, { tenantId, nowMs: clock.now() }, notice));
      const to = { name: actor.name, address: actor.email };
      if (mailer === null) return;
      await sendBranded(database, tenantId, mailer, { to, subject: title, text, id: stableId('alert-mail', ...about) });
    },
    // It stands in the dashboard all the same.
    giveUp: () => Promise.resolve(),
  };
}
