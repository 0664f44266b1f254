// Tells somebody that their account was used on a computer it was never used on: in the inbox of all their devices, and by mail where
// the server has mail. What it says is read from the session, in the language and the time zone of the person.
import type { Clock } from '#shared/kernel/ports.ts';
import { readSessionOrigin } from '#server/identity/new-devices.ts';
import type { NewDevice } from '#server/identity/new-devices.ts';
import type { JobKind } from '#server/jobs/job-engine.ts';
import type { WatchedMailer } from '#server/mail/watch-mailer.ts';
import { readAddressee, tellInBoth, wordsOf } from '#server/notifications/tell-in-both.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const MAILS_AT_ONCE = 2;
const MOST_SECONDS = 300;

export function createNewDeviceTelling(options: {
  readonly database: SqlDatabase;
  readonly mailer: WatchedMailer | null;
  readonly clock: Clock;
}): JobKind<NewDevice> {
  const { database } = options;
  return {
    queue: 'emails',
    name: 'new-device',
    atOnce: MAILS_AT_ONCE,
    mostSeconds: MOST_SECONDS,
    async work({ tenantId, userId, sessionId }) {
      const found = await database.inTenant(tenantId, async (session) => ({
        origin: await readSessionOrigin(session, { tenantId, userId, sessionId }),
        person: await readAddressee(session, tenantId, userId),
      }));
      const { origin, person } = found;
      if (origin === null || person === null) return;
      const words = await wordsOf(person);
      const { t } = words;
      const device = origin.deviceName === '' ? t('notifications.newDevice.unnamed') : origin.deviceName;
      const facts = { device, address: origin.address, when: words.instant(origin.atMs) };
      const title = t('notifications.newDevice.title', facts);
      const text = t('notifications.newDevice.text', facts);
      await tellInBoth(options, tenantId, person, { news: 'new-device', about: [sessionId], title, text });
    },
    // It stands in the inbox, and among the sign-ins under Security.
    giveUp: () => Promise.resolve(),
  };
}
