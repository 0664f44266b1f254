// The audit as an administrator reads it: newest first, by filters. Who sees less than everything of a record reads no names
// of fields that do not exist for them, and no entry about nothing else.
import type { Actor } from '#shared/access/actor.ts';
import { hiddenGroupsOf, openFieldPolicy } from '#shared/access/field-policy.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { isInstant, toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { DONE_OUTCOMES, type AuditLine, type AuditPage, type AuditQuery } from '#shared/sync/audit-messages.ts';
import type { AuditEntry } from '#server/audit/audit-chain.ts';
import { ENTRY_COLUMNS, type AuditRow } from '#server/audit/audit-rows.ts';
import type { SqlDatabase, SqlValue } from '#server/store/database.ts';

const ENTRIES_OF_A_PAGE = 100;

type ReadRow = AuditRow & Pick<AuditEntry, 'detail'>;

/** @throws OutpostError `action_forbidden` for everybody who may not read the audit. */
export function assertAuditReader({ permissions }: Actor): void {
  if (permissions.includes('org.view_audit_logs')) return;
  throw new OutpostError('action_forbidden', 'Only administrators read the audit log.');
}

function toMs(instant: string | undefined): number | null {
  if (instant === undefined) return null;
  if (!isInstant(instant))
    throw new OutpostError('invalid', 'Give times as instants, such as 2026-01-31T08:00:00.000Z.');
  return toEpochMs(instant);
}

/** Conditions and their values; what is not asked for is no condition. */
function toConditions(tenantId: TenantId, query: AuditQuery): { readonly sql: string; readonly values: SqlValue[] } {
  const values: SqlValue[] = [tenantId];
  const conditions = ['tenant = $1'];
  const add = (value: SqlValue | undefined, toSql: (place: string) => string): void => {
    if (value === undefined || value === null) return;
    values.push(value);
    conditions.push(toSql(`$${String(values.length)}`));
  };
  add(query.actor, (place) => `actor = ${place}`);
  add(query.entity, (place) => `entity = ${place}`);
  add(query.id, (place) => `id = ${place}`);
  add(query.command, (place) => `command = ${place}`);
  add(query.before, (place) => `no < ${place}::bigint`);
  add(toMs(query.from), (place) => `at >= ${place}::bigint`);
  add(toMs(query.until), (place) => `at < ${place}::bigint`);
  if (query.refused === true) add([...DONE_OUTCOMES], (place) => `outcome <> ALL(${place}::text[])`);
  return { sql: conditions.join(' AND '), values };
}

function toLine(actor: Actor, { no, at, actor: by, device, groups, ...row }: ReadRow): AuditLine | null {
  const { command, entity, id, outcome, detail } = row;
  const definition = entityOf(entity);
  const hidden = definition === undefined ? [] : hiddenGroupsOf(actor.fields ?? openFieldPolicy, definition);
  const seen = groups.filter((group) => !hidden.includes(group));
  if (seen.length === 0 && groups.length > 0) return null;
  return { no, at: toInstant(at), actor: by, device, command, entity, id, groups: seen, outcome, detail };
}

/** @throws OutpostError `action_forbidden`, `invalid`. */
export async function readAudit(db: SqlDatabase, actor: Actor, query: AuditQuery): Promise<AuditPage> {
  assertAuditReader(actor);
  const tenantId = actor.tenantId as TenantId;
  const limit = query.limit ?? ENTRIES_OF_A_PAGE;
  const { sql, values } = toConditions(tenantId, query);
  const rows = await db.inTenant(
    tenantId,
    (session) =>
      session.query<ReadRow>(
        `SELECT ${ENTRY_COLUMNS}, detail FROM audit WHERE ${sql} ORDER BY no DESC LIMIT ${String(limit + 1)}`,
        values,
      ),
    { snapshot: true },
  );
  const shown = rows.slice(0, limit);
  return {
    entries: shown.flatMap((row) => toLine(actor, row) ?? []),
    next: rows.length > limit ? (shown.at(-1)?.no ?? null) : null,
  };
}
