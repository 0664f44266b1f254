// Tells the administrators of an organization that support staff got in without being let in by them: in the inbox and by mail, each
// in the own language. Nobody who supports is among them, and nothing is said of what lies in the organization.
import { toEpochMs } from '#shared/kernel/calendar.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { JobEngine, JobKind } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import type { Mailer } from '#server/mail/mailer.ts';
import { readAddressee, tellInBoth, wordsOf } from '#server/notifications/tell-in-both.ts';
import { findAccess, toAccess } from '#server/platform/support-access.ts';
import { SUPPORT_PREFIX } from '#server/platform/usage.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export interface SupportTellJob {
  readonly tenantId: TenantId;
  readonly accessId: string;
  readonly userId: string;
}

export interface SupportTelling {
  readonly kind: JobKind<SupportTellJob>;
  /** Makes a job for each administrator of each organization that was not told yet. */
  look(): Promise<void>;
}

const MAILS_AT_ONCE = 2;
const MOST_SECONDS = 300;

interface TellingOptions {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly mailer: Mailer | null;
  readonly engine: JobEngine;
}

/** Who may end an access. */
async function readAdministrators(database: SqlDatabase, tenantId: TenantId): Promise<readonly string[]> {
  return database.inTenant(tenantId, async (session) => {
    const people = await session.query<{ id: string }>(
      `SELECT id FROM record WHERE tenant = $1 AND coll = 'people' AND kind = 'user' AND NOT deleted
         AND coalesce(data->>'isActive', 'true') <> 'false' AND id NOT LIKE '${SUPPORT_PREFIX}%'
         AND coalesce(data->>'role', '') NOT IN ('sales_rep', 'viewer')`,
      [tenantId],
    );
    const found: string[] = [];
    for (const { id } of people) {
      const loaded = await readActor(session, tenantId, id as UserId);
      if (loaded?.actor.permissions.includes('org.configure_settings') === true) found.push(id);
    }
    return found;
  });
}

export function createSupportTelling(options: TellingOptions): SupportTelling {
  const { database, engine } = options;
  const kind: JobKind<SupportTellJob> = {
    queue: 'emails',
    name: 'support-mail',
    atOnce: MAILS_AT_ONCE,
    mostSeconds: MOST_SECONDS,
    async work({ tenantId, accessId, userId }) {
      const found = await database.inTenant(tenantId, async (session) => ({
        access: toAccess(await findAccess(session, accessId)),
        person: await readAddressee(session, tenantId, userId),
      }));
      const { access, person } = found;
      if (person === null || access.openedAt === null || access.until === null) return;
      const words = await wordsOf(person);
      const { t } = words;
      const facts = {
        staff: access.staffName,
        reason: access.reason,
        role: t(`support.roles.${access.role}`),
        from: words.instant(toEpochMs(access.openedAt)),
        until: words.instant(toEpochMs(access.until)),
      };
      const [title, text] = [t('support.mail.subject', facts), t('support.mail.text', facts)];
      await tellInBoth(options, tenantId, person, { news: 'support', about: [accessId, userId], title, text });
    },
    giveUp: () => Promise.resolve(),
  };
  return {
    kind,
    async look() {
      const untold = await database.transaction((session) =>
        session.query<{ tenant: TenantId; id: string }>('SELECT tenant, id FROM support_access WHERE NOT told'),
      );
      for (const { tenant, id } of untold) {
        for (const userId of await readAdministrators(database, tenant))
          await engine.send(kind, stableId('support-told', tenant, id, userId), {
            tenantId: tenant,
            accessId: id,
            userId,
          });
        await database.inTenant(tenant, (session) =>
          session.query('UPDATE support_access SET told = true WHERE tenant = $1 AND id = $2', [tenant, id]),
        );
      }
    },
  };
}
