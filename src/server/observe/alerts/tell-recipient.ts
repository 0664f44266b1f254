// Tells somebody of an alert, in the inbox and by mail, in the own language; only who may still see the health of the system. It says what
// was measured and what the limit is; nothing in it is about records.
import { alertMetrics } from '#shared/observe/alert-rules.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import type { JobKind } from '#server/jobs/job-engine.ts';
import type { WatchedMailer } from '#server/mail/watch-mailer.ts';
import { findAlert } from '#server/observe/alerts/alert-store.ts';
import { readAddressee, tellInBoth, wordsOf } from '#server/notifications/tell-in-both.ts';
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
  const { database } = options;
  return {
    queue: 'emails',
    name: 'alert-mail',
    atOnce: MAILS_AT_ONCE,
    mostSeconds: MOST_SECONDS,
    async work({ tenantId, alertId, userId, isOver }) {
      const found = await database.inTenant(tenantId, async (session) => ({
        alert: await findAlert(session, tenantId, alertId),
        person: await readAddressee(session, tenantId, userId),
      }));
      const { alert, person } = found;
      if (alert === null || person?.actor.permissions.includes('system.health') !== true) return;
      const words = await wordsOf(person);
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
      const about = [alertId, userId, String(isOver)];
      await tellInBoth(options, tenantId, person, { news: 'alert', about, title, text });
    },
    // It stands in the dashboard all the same.
    giveUp: () => Promise.resolve(),
  };
}
