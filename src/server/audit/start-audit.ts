// The audit's own work: words and policies follow what was written, recipients of alerts are told in their inbox and by mail, files are made.
// It waits for a quiet moment, so that whoever saves something is not held up, but never longer than a minute.
import type { CreateId, TenantId, UserId } from '#shared/kernel/ids.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { readAuditWords } from '#server/audit/audit-words.ts';
import { findWaiting, settleExport } from '#server/audit/audit-exports.ts';
import { followAudit } from '#server/audit/follow-audit.ts';
import { tellAlert } from '#server/audit/tell-alert.ts';
import { noteTold } from '#server/audit/note-told.ts';
import { writeAuditFile } from '#server/audit/write-audit-file.ts';
import { readActor } from '#server/identity/load-actor.ts';
import { createJobEngine, type JobKind, type JobTimes } from '#server/jobs/job-engine.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import type { Mailer } from '#server/mail/mailer.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const LOOK_MS = 5_000;
const LONGEST_LAG_MS = 60_000;
const MOST_SECONDS = 900;
/** What a policy finds within this time is one mail. */
const PAUSE_MS = 600_000;

export interface AuditContext {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly createId: CreateId;
  /** Null: the server sends no mail. */
  readonly mailer: Mailer | null;
}

interface TenantJob {
  readonly tenantId: TenantId;
  readonly id: string;
}

export interface AuditWork {
  /** Makes a file that was asked for. */
  sendExport(tenantId: TenantId, id: string): Promise<void>;
  /** Words and policies for what was written until now, as far as that takes no more than a moment. */
  follow(tenantId: TenantId): Promise<void>;
  /** Follows every organization and tells recipients of alerts; the server does so by itself. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Codes that another attempt would come to again. */
const finalCodes: readonly string[] = ['action_forbidden', 'invalid', 'too_large', 'not_found'];

async function makeFile({ database, clock }: AuditContext, { tenantId, id }: TenantJob): Promise<void> {
  const found = await database.inTenant(tenantId, async (session) => {
    const waiting = await findWaiting(session, tenantId, id);
    if (waiting === null) return null;
    const loaded = await readActor(session, tenantId, waiting.userId as UserId);
    if (loaded === null) return { wish: waiting.wish, reader: null };
    return { wish: waiting.wish, reader: { actor: loaded.actor, words: await readAuditWords(session, loaded.actor) } };
  });
  if (found === null) return;
  const { wish, reader } = found;
  const settle = (outcome: Parameters<typeof settleExport>[4]) =>
    database.inTenant(tenantId, (session) => settleExport(session, tenantId, id, clock.now(), outcome));
  if (reader === null) return settle({ error: 'action_forbidden' });
  try {
    await settle(await writeAuditFile(database, { ...reader, wish, nowMs: clock.now() }));
  } catch (error) {
    if (!(error instanceof OutpostError) || !finalCodes.includes(error.code)) throw error;
    await settle({ error: error.code });
  }
}

export function startAudit(context: AuditContext, log: ServerLog, times?: JobTimes): AuditWork {
  const { database, clock, createId } = context;
  const files: JobKind<TenantJob> = {
    queue: 'audit-exports',
    atOnce: 1,
    mostSeconds: MOST_SECONDS,
    work: (job) => makeFile(context, job),
    giveUp: ({ tenantId, id }) =>
      database.inTenant(tenantId, (session) => settleExport(session, tenantId, id, clock.now(), { error: 'internal' })),
  };
  const alerts: JobKind<TenantJob> = {
    queue: 'audit-alerts',
    atOnce: 1,
    mostSeconds: MOST_SECONDS,
    work: (job) => tellAlert(context, job),
    giveUp: ({ tenantId, id }) => noteTold(database, tenantId, id, 'failed'),
  };
  const engine = createJobEngine({ database, log, ...(times === undefined ? {} : { times }) }, [files, alerts]);
  const ports = { nowMs: () => clock.now(), createId };
  const seen = new Map<TenantId, { readonly no: number; readonly sinceMs: number }>();
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();

  async function tell(tenantId: TenantId): Promise<void> {
    const waiting = await database.inTenant(tenantId, (session) =>
      session.query<{ id: string }>(
        `UPDATE audit_alert a SET told = 'queued' WHERE a.tenant = $1 AND a.told = 'waiting' AND NOT EXISTS (
           SELECT FROM audit_alert b WHERE b.tenant = a.tenant AND b.policy = a.policy AND b.recipient = a.recipient
             AND b.told IN ('queued', 'sent', 'noMail') AND b.at > $2::bigint) RETURNING a.id`,
        [tenantId, clock.now() - PAUSE_MS],
      ),
    );
    for (const { id } of waiting) await engine.send(alerts, id, { tenantId, id });
  }

  /** An organization where much happens is followed a little later, but it is followed. */
  function isDue({ tenant, no }: Behind, isPatient: boolean): boolean {
    const known = seen.get(tenant);
    const nowMs = clock.now();
    seen.set(tenant, { no, sinceMs: known?.sinceMs ?? nowMs });
    return !isPatient || known?.no === no || nowMs - (known?.sinceMs ?? nowMs) > LONGEST_LAG_MS;
  }

  async function lookAtAll(isPatient: boolean): Promise<void> {
    const behind = await database.asOwner((session) =>
      session.query<Behind>(
        `SELECT h.tenant, h.no FROM audit_head h LEFT JOIN audit_followed f ON f.tenant = h.tenant WHERE h.no > coalesce(f.no, 0)`,
      ),
    );
    for (const one of behind) {
      if (isStopped) return;
      if (!isDue(one, isPatient)) continue;
      await followAudit(database, one.tenant, ports);
      seen.delete(one.tenant);
    }
    const waiting = await database.asOwner((session) =>
      session.query<{ tenant: TenantId }>(`SELECT DISTINCT tenant FROM audit_alert WHERE told = 'waiting'`),
    );
    for (const { tenant } of waiting) if (!isStopped) await tell(tenant);
  }

  function begin(isPatient: boolean): Promise<void> {
    const attempt = running.then(() => lookAtAll(isPatient));
    running = attempt.catch((error: unknown) => {
      if (!isStopped) log.error({ err: error }, 'The audit could not be followed');
    });
    return isPatient ? running : attempt;
  }

  const timer = setInterval(() => void begin(true), LOOK_MS);
  timer.unref();
  return {
    sendExport: (tenantId, id) => engine.send(files, id, { tenantId, id }),
    follow: (tenantId) => followAudit(database, tenantId, ports, 2_000),
    look: () => begin(false),
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await running;
      await engine.stop();
    },
  };
}

interface Behind {
  readonly tenant: TenantId;
  readonly no: number;
}
