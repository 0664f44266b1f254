// Tells somebody a policy wants told: a notice in the inbox with what was found how often, and by mail also the first entries as
// far as this person may read the audit. Neither holds what a record said.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import type { AuditLine } from '#shared/sync/audit-messages.ts';
import { LINE_SQL, readSubjects, toLine, type LineRow } from '#server/audit/audit-lines.ts';
import { readPolicies } from '#server/audit/policies.ts';
import { noteTold } from '#server/audit/note-told.ts';
import type { Mailer } from '#server/mail/mailer.ts';
import { readAddressee, tellInBoth, wordsOf } from '#server/notifications/tell-in-both.ts';
import type { ReportWords } from '#server/reports/report-words.ts';
import type { SqlDatabase } from '#server/store/database.ts';

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
    const person = await readAddressee(session, tenantId, alert.recipient);
    const actor = person?.actor ?? null;
    const policy = (await readPolicies(session, tenantId)).find((known) => known.id === alert.policy);
    const rows = await session.query<LineRow>(
      `${LINE_SQL} WHERE a.tenant = $1 AND a.no = ANY($2::bigint[]) ORDER BY a.no LIMIT ${String(NAMED)}`,
      [tenantId, alert.numbers],
    );
    const mayRead = actor?.permissions.includes('org.view_audit_logs') === true;
    const known = mayRead ? await readSubjects(session, tenantId, rows) : new Map();
    const lines = actor === null || !mayRead ? [] : rows.flatMap((row) => toLine(actor, row, known) ?? []);
    return { alert, person, name: policy?.name ?? alert.policy, lines };
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
  deps: { readonly database: SqlDatabase; readonly mailer: Mailer | null; readonly clock: Clock },
  { tenantId, id }: { readonly tenantId: TenantId; readonly id: string },
): Promise<void> {
  const { database } = deps;
  const found = await readAlert(database, tenantId, id);
  if (found === null || found.alert.told === 'sent') return;
  const { alert, person, name, lines } = found;
  if (person === null) return noteTold(database, tenantId, id, 'failed');
  const words = await wordsOf(person);
  const { t } = words;
  const title = t('audit.alertMail.subject', { name });
  const [what, where] = [t('audit.alertMail.text', { name, count: alert.hits }), t('audit.alertMail.where')];
  const more = alert.hits - lines.length;
  const mailText = [
    what,
    '',
    ...lines.map((line) => lineText(words, line)),
    ...(more > 0 && lines.length > 0 ? [t('audit.alertMail.more', { count: more })] : []),
    '',
    where,
  ].join('\n');
  const told = { news: 'audit', about: [id], title, text: `${what}\n${where}`, mailText };
  const outcome = await tellInBoth(deps, tenantId, person, told);
  return noteTold(database, tenantId, id, outcome === 'refused' ? 'failed' : outcome);
}
