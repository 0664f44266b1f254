// The mails of notifications as a part of the server (TSK-14, TSK-18): it looks every few minutes what is owed and makes one job
// for each mail. The same mail has the same id, so several servers, and one that was restarted, send it once; what was read
// in the application meanwhile is not mailed at all. Without a mail server nothing is looked at.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { MOST_MARK_DAYS } from '#shared/entities/notification-mark/notification-mark.ts';
import { entities } from '#shared/entities/registry.ts';
import { isWanted } from '#shared/notifications/preferences.ts';
import { quietUntil } from '#shared/notifications/quiet-hours.ts';
import type { JobEngine, JobKind } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import { sendBranded } from '#server/mail/branded-mail.ts';
import { MailError } from '#server/mail/mailer.ts';
import { findDue } from '#server/notifications/find-due.ts';
import type { NotificationContext, NotificationMailJob } from '#server/notifications/notification-context.ts';
import { readReader } from '#server/notifications/read-reader.ts';
import { writeDigest, writeNotice, writeWeekly, type Letter } from '#server/notifications/write-mails.ts';
import { deleteRecords, findRecord } from '#server/sync/write-record.ts';

const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 5 * 60_000;
const MARKS_AT_ONCE = 500;

export interface NotificationMails {
  /** Looks what is owed now. */
  look(): Promise<void>;
  /** From now on it looks by itself. */
  begin(): void;
  stop(): Promise<void>;
}

async function write(
  context: NotificationContext,
  job: NotificationMailJob,
): Promise<{ readonly letter: Letter; readonly to: { readonly name: string; readonly address: string } } | null> {
  const reader = await readReader(context, job.tenantId, job.userId);
  if (reader === null) return null;
  const to = { name: reader.actor.name, address: reader.actor.email };
  const nowMs = context.clock.now();
  const days = job.key === 'weekly' ? 7 : 1;
  if (job.what === 'digest') {
    if (reader.preferences.emailDigest !== job.key) return null;
    const letter = await writeDigest(reader, toInstant(nowMs - days * DAY_MS));
    return letter === null ? null : { letter, to };
  }
  if (job.what === 'goals') return null;
  if (job.what === 'weekly') {
    const letter = reader.preferences.goalAlerts ? await writeWeekly(reader, job.day) : null;
    return letter === null ? null : { letter, to };
  }
  // Read meanwhile, done, taken away, or out of sight: nothing to tell any more.
  const item = reader.waiting.find(({ key, type }) => key === job.key && isWanted(reader.preferences, type));
  if (item === undefined || quietUntil(reader.preferences.quietHours, nowMs, reader.zone) !== null) return null;
  const letter = await writeNotice(reader, item);
  return letter === null ? null : { letter, to };
}

/** Own goals that were achieved and that nobody has looked at; each is mailed once, whichever morning it is found. */
async function findAchieved(context: NotificationContext, job: NotificationMailJob): Promise<readonly string[]> {
  const reader = await readReader(context, job.tenantId, job.userId);
  const own = reader?.waiting.filter(({ type, actorId }) => type === 'goal.achieved' && actorId === null) ?? [];
  return own.map(({ key }) => key);
}

export function startNotifications(context: NotificationContext, log: ServerLog, engine: JobEngine): NotificationMails {
  const { database, clock, mailer } = context;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let sweptAtMs = -Infinity;
  let running: Promise<void> = Promise.resolve();
  const idOf = ({ tenantId, userId, what, key, day }: NotificationMailJob): string =>
    stableId('notification', tenantId, userId, what, key, what === 'notice' ? '' : day);

  const kind: JobKind<NotificationMailJob> = {
    queue: 'emails',
    name: 'notification',
    atOnce: 2,
    mostSeconds: 300,
    async work(job) {
      if (mailer === null) return;
      if (job.what === 'goals') {
        for (const key of await findAchieved(context, job)) {
          const notice = { ...job, what: 'notice', key } as const;
          await engine.send(kind, idOf(notice), notice);
        }
        return;
      }
      const written = await write(context, job);
      if (written === null) return;
      await mailer.check();
      try {
        await sendBranded(database, job.tenantId, mailer, { ...written.letter, to: written.to, id: idOf(job) });
      } catch (error) {
        // An address that is refused stays refused; the inbox says it all the same.
        if (!(error instanceof MailError && error.failure === 'refused')) throw error;
      }
    },
    giveUp: () => Promise.resolve(),
  };
  engine.add(kind);

  async function lookAtAll(): Promise<void> {
    const nowMs = clock.now();
    const tenants = await database.asOwner((session) =>
      session.query<{ tenant: TenantId }>(
        `SELECT tenant FROM tenant_head h WHERE NOT EXISTS (SELECT 1 FROM platform_organization o WHERE o.tenant = h.tenant AND o.state = 'suspended')`,
      ),
    );
    const isSweepDue = nowMs - sweptAtMs >= DAY_MS;
    for (const { tenant } of tenants) {
      if (isStopped) return;
      if (isSweepDue) await sweepMarks(context, tenant, nowMs);
      if (mailer === null) continue;
      const due = await database.inTenant(tenant, (session) => findDue(session, tenant, nowMs), { snapshot: true });
      for (const job of due) await engine.send(kind, idOf(job), job);
    }
    if (isSweepDue) sweptAtMs = nowMs;
  }

  function look(): Promise<void> {
    running = running.then(lookAtAll).catch((error: unknown) => {
      log.error({ err: error }, 'mails of notifications could not be planned');
    });
    return running;
  }
  function sleep(): void {
    if (isStopped) return;
    timer = setTimeout(() => void look().then(sleep), LOOK_EVERY_MS);
    timer.unref();
  }

  return {
    look,
    begin: sleep,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Marks of notifications that nobody is told of any more. */
async function sweepMarks({ database }: NotificationContext, tenantId: TenantId, nowMs: number): Promise<void> {
  const old = await database.inTenant(tenantId, (session) =>
    session.query<{ id: string }>(
      `SELECT id FROM record WHERE tenant = $1 AND coll = $2 AND kind = 'notificationMark' AND NOT deleted AND data->>'createdAt' < $3
         AND coalesce(data->>'until', '') < $3 ORDER BY id LIMIT ${String(MARKS_AT_ONCE)}`,
      [tenantId, entities.notificationMark.collection, toInstant(nowMs - MOST_MARK_DAYS * DAY_MS)],
    ),
  );
  for (const { id } of old)
    await database.inTenant(tenantId, async (session) => {
      const stored = await findRecord(session, tenantId, 'notificationMark', id, true);
      if (stored !== null) await deleteRecords(session, { tenantId, nowMs, actorId: null }, [stored]);
    });
}
