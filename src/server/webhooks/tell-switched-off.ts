// Tells the owner of a webhook that nothing is sent any more, and what helps: in the inbox of all their devices, and by mail where
// the server has mail.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { JobKind } from '#server/jobs/job-engine.ts';
import type { WatchedMailer } from '#server/mail/watch-mailer.ts';
import { readAddressee, tellInBoth, wordsOf } from '#server/notifications/tell-in-both.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const MOST_SECONDS = 300;

export interface SwitchedOff {
  readonly tenantId: TenantId;
  readonly webhookId: string;
  readonly name: string;
  readonly ownerId: string;
  readonly reason: 'failing' | 'gone';
  readonly atMs: number;
}

export function createSwitchOffTelling(options: {
  readonly database: SqlDatabase;
  readonly mailer: WatchedMailer | null;
  readonly clock: Clock;
}): JobKind<SwitchedOff> {
  return {
    queue: 'emails',
    name: 'webhook-off',
    atOnce: 1,
    mostSeconds: MOST_SECONDS,
    async work({ tenantId, webhookId, name, ownerId, reason, atMs }) {
      const person = await options.database.inTenant(tenantId, (session) => readAddressee(session, tenantId, ownerId));
      if (person === null) return;
      const { t } = await wordsOf(person);
      const title = t('notifications.webhookOff.title', { name });
      const text = t(`notifications.webhookOff.${reason}`, { name });
      await tellInBoth(options, tenantId, person, {
        news: 'webhook-off',
        about: [webhookId, String(atMs)],
        title,
        text,
      });
    },
    // It stands in the inbox, in the settings and in the diagnosis.
    giveUp: () => Promise.resolve(),
  };
}
