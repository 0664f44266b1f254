// Tells somebody that their account was used on a computer it was never used on: in the inbox of all their devices, and by mail where
// the server has mail. What it says is read from the session, in the language and the time zone of the person.
import { entities } from '#shared/entities/registry.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { readActor } from '#server/identity/load-actor.ts';
import { readSessionOrigin } from '#server/identity/new-devices.ts';
import type { NewDevice } from '#server/identity/new-devices.ts';
import type { JobKind } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import type { WatchedMailer } from '#server/mail/watch-mailer.ts';
import { tellPerson } from '#server/notifications/tell-person.ts';
import { wordsFor } from '#server/reports/report-words.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';

const MAILS_AT_ONCE = 2;
const MOST_SECONDS = 300;

export function createNewDeviceTelling(options: {
  readonly database: SqlDatabase;
  readonly mailer: WatchedMailer | null;
  readonly clock: Clock;
}): JobKind<NewDevice> {
  const { database, mailer, clock } = options;
  return {
    queue: 'emails',
    name: 'new-device',
    atOnce: MAILS_AT_ONCE,
    mostSeconds: MOST_SECONDS,
    async work({ tenantId, userId, sessionId }) {
      const found = await database.inTenant(tenantId, async (session) => ({
        origin: await readSessionOrigin(session, { tenantId, userId, sessionId }),
        profile: await findRecord(session, tenantId, 'user', userId),
        actor: (await readActor(session, tenantId, userId))?.actor ?? null,
      }));
      const { origin, profile, actor } = found;
      if (origin === null || actor === null) return;
      const words = await wordsFor(profile?.record ?? {}, 'UTC', entities);
      const { t } = words;
      const device = origin.deviceName === '' ? t('notifications.newDevice.unnamed') : origin.deviceName;
      const facts = { device, address: origin.address, when: words.instant(origin.atMs) };
      const title = t('notifications.newDevice.title', facts);
      const text = t('notifications.newDevice.text', facts);
      const notice = { id: stableId('new-device-notice', tenantId, sessionId), userId, title, text };
      await database.inTenant(tenantId, (session) => tellPerson(session, { tenantId, nowMs: clock.now() }, notice));
      const to = { name: actor.name, address: actor.email };
      await mailer?.send({ to, subject: title, text, id: stableId('new-device-mail', tenantId, sessionId) });
    },
    // It stands in the inbox, and among the sign-ins under Security.
    giveUp: () => Promise.resolve(),
  };
}
