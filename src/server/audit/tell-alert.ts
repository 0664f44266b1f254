// Tells somebody a policy wants told: a notice in the inbox with what was found how often, and by mail also the first entries as
// far as this person may read the audit. Neither holds what a record said.
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import type { AuditLine } from '#shared/sync/audit-messages.ts';
import { LINE_SQL, readSubjects, toLine, type LineRow } from '#server/audit/audit-lines.ts';
import { readPolicies } from '#server/audit/policies.ts';
import { noteTold } from '#server/audit/note-told.ts';
import { entities } from '#shared/entities/registry.ts';
import { readActor } from '#server/identity/load-actor.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import { sendBranded } from '#server/mail/branded-mail.ts';
import { MailError, type Mailer } from '#server/mail/mailer.ts';
import { tellPerson } from '#server/notifications/tell-person.ts';
import { wordsFor, type ReportWords } from '#server/reports/report-words.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';

const NAMED = 10;

interface AlertRow {
  readonly policy: string;
  readonly recipient: string;
  readonly numbers: readonly number[];
  readonly hits: number;
  readonly told: string;
}

function readAlert(db: SqlDatabase, tenantId: TenantId, id: string) {
  return db.inTenant(tenantId, async (session) => {
    const [alert] = await session.query<AlertRow>(
      `SELECT policy, recipient, numbers, hits, told FROM audit_alert WHERE tenant = $1 AND id = $2 AND recipient IS NOT NULL`,
      [tenantId, id],
    );
    if (alert === undefined) return null;
    const loaded = await readActor(session, tenantId, alert.recipient as UserId);
    const actor = loaded?.actor ?? null;
    const profile = await findRecord(session, tenantId, 'user', alert.recipient);
    const policy = (await readPolicies(session, tenantId)).find((known) => known.id === alert.policy);
    const rows = await session.query<LineRow>(
      `${LINE_SQL} WHERE a.tenant = $1 AND a.no = ANY($2::bigint[]) ORDER BY a.no LIMIT ${String(NAMED)}`,
      [tenantId, alert.numbers],
    );
    const mayRead = actor?.permissions.includes('org.view_audit_logs') === true;
    const known = mayRead ? await readSubjects(session, tenantId, rows) : new Map();
    const lines = actor === null || !mayRead ? [] : rows.flatMap((row) => toLine(actor, row, known) ?? []);
    return { alert, actor, profile: profile?.record ?? {}, name: policy?.name ?? alert.policy, lines };
  });
}

function lineText(words: ReportWords, line: AuditLine): string {
  const { t } = words;
  const what = t(`settings.audit.commands.${line.command}`, { defaultValue: line.command });
  const who = line.actorName ?? line.actor ?? t('audit.operator');
  return `– ${String(line.no)} · ${words.instant(toEpochMs(line.at))} · ${who} · ${what} · ${line.entity}`;
}

/** @throws MailError when another attempt may help; the inbox has it by then. */
export async function tellAlert(
  {
    database,
    mailer,
    clock,
  }: { readonly database: SqlDatabase; readonly mailer: Mailer | null; readonly clock: Clock },
  { tenantId, id }: { readonly tenantId: TenantId; readonly id: string },
): Promise<void> {
  const found = await readAlert(database, tenantId, id);
  if (found === null || found.alert.told === 'sent') return;
  const { alert, actor, profile, name, lines } = found;
  if (actor === null) return noteTold(database, tenantId, id, 'failed');
  const words = await wordsFor(profile, 'UTC', entities);
  const { t } = words;
  const subject = t('audit.alertMail.subject', { name });
  const [what, where] = [t('audit.alertMail.text', { name, count: alert.hits }), t('audit.alertMail.where')];
  const notice = { id: stableId('audit-notice', tenantId, id), userId: actor.userId, title: subject };
  await database.inTenant(tenantId, (session) =>
    tellPerson(session, { tenantId, nowMs: clock.now() }, { ...notice, text: `${what}\n${where}` }),
  );
  if (mailer === null) return noteTold(database, tenantId, id, 'noMail');
  const more = alert.hits - lines.length;
  const text = [
    what,
    '',
    ...lines.map((line) => lineText(words, line)),
    ...(more > 0 && lines.length > 0 ? [t('audit.alertMail.more', { count: more })] : []),
    '',
    where,
  ].join('\n');
  try {
    await sendBranded(database, tenantId, mailer, {
      to: { name: actor.name, address: actor.email },
      subject,
      text,
      id: stableId('audit-alert', tenantId, id),
    });
  } catch (error) {
    if (!(error instanceof MailError) || error.failure !== 'refused') throw error;
    return noteTold(database, tenantId, id, 'failed');
  }
  return noteTold(database, tenantId, id, 'sent');
}
