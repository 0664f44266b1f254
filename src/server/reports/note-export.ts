// That a report left Outpost by mail is written down before it does, as every other export: once, however often the mail is
// tried. The record is the recipient's, as rows of it were counted with the recipient's rights; the audit says who had it sent.
import { isMaskedColumn, isPersonalColumn, isUnseenColumn } from '#shared/access/exported-fields.ts';
import { openFieldPolicy } from '#shared/access/field-policy.ts';
import type { Actor } from '#shared/access/actor.ts';
import { exportCommandName } from '#shared/entities/data-export/commands.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { ReportContext } from '#server/reports/report-context.ts';
import type { WrittenReport } from '#server/reports/write-report.ts';
import { createRecords, findRecord, newRecord } from '#server/sync/write-record.ts';

interface MailedExport {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly title: string;
  readonly format: string;
  readonly source: EntityName;
  readonly recipient: Actor;
  /** Who has it sent. */
  readonly senderId: string;
  readonly written: WrittenReport;
}

export async function noteExport({ database, clock }: ReportContext, exported: MailedExport): Promise<void> {
  const { id, tenantId, title, format, source, recipient, senderId, written } = exported;
  const policy = recipient.fields ?? openFieldPolicy;
  const namesOf = (kept: WrittenReport['fields']): readonly string[] => [
    ...new Set(kept.map(({ entity, field }) => `${entity}.${field}`)),
  ];
  const masked = namesOf(written.fields.filter((column) => isMaskedColumn(policy, column)));
  const personal = namesOf(written.fields.filter((column) => isPersonalColumn(policy, column)));
  const leftOut = namesOf(written.leftOut.filter((column) => isUnseenColumn(policy, column)));
  const values: Readonly<Record<string, unknown>> = {
    title,
    subject: 'report',
    source,
    format,
    rowCount: written.rowCount,
    columns: namesOf(written.fields),
    ...(written.filteredBy.length === 0 ? {} : { filteredBy: written.filteredBy }),
    ...(personal.length === 0 ? {} : { personalFields: personal }),
    ...(masked.length === 0 ? {} : { maskedFields: masked }),
    ...(leftOut.length === 0 ? {} : { leftOutFields: leftOut }),
  };
  await database.inTenant(tenantId, async (session) => {
    if ((await findRecord(session, tenantId, 'dataExport', id)) !== null) return;
    const nowMs = clock.now();
    const by = { nowMs, actorId: senderId };
    const record = newRecord('dataExport', id, recipient.userId, { ...values, exportedAt: toInstant(nowMs) }, by);
    await createRecords(session, { tenantId, ...by }, [record]);
    const command = exportCommandName({ kind: 'analytics', what: 'report', source });
    const groups = [...Object.keys(values), 'exportedAt', 'owner'];
    const what = { command, entity: 'dataExport', id, groups, outcome: 'applied' };
    await appendAudit(session, tenantId, nowMs, [{ actor: senderId, device: null, ...what }]);
  });
}
