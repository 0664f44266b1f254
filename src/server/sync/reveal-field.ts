// One masked value, shown to somebody who holds the right to reveal it, and written down: who, when, which field of which
// record. A refusal is written down too. Nothing is revealed of what is hidden: for this user it does not exist.
import { fieldModeOf, openFieldPolicy, UNKNOWN_FIELD_MESSAGE } from '#shared/access/field-policy.ts';
import { NOT_VISIBLE_MESSAGE } from '#shared/access/refusal-sentences.ts';
import { keySetOf, meets } from '#shared/access/scope.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { MaskingAudit, RevealRequest } from '#shared/sync/messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { placeOf, readRecords } from '#server/sync/stored-record.ts';

export const REVEAL_COMMAND = 'revealField';

interface Revealing {
  readonly session: SqlSession;
  readonly principal: Principal;
  readonly request: RevealRequest;
}

/** The value, or why it is not shown. */
async function findValue({ session, principal, request }: Revealing): Promise<unknown> {
  const { actor } = principal;
  if (!actor.permissions.includes('data.unmask')) {
    return new OutpostError('action_forbidden', 'Your role does not allow you to reveal masked values.');
  }
  const definition = entityOf(request.entity);
  if (definition === undefined || definition.fields[request.field] === undefined) {
    return new OutpostError('invalid', UNKNOWN_FIELD_MESSAGE);
  }
  const [stored] = (
    await readRecords(session, actor.tenantId as TenantId, [placeOf(definition, request.id)], false)
  ).values();
  const isVisible =
    stored !== undefined &&
    !stored.isDeleted &&
    stored.record.kind === definition.name &&
    meets(keySetOf(actor, definition, 'read'), stored.scopeKeys);
  if (!isVisible) return new OutpostError('not_visible', NOT_VISIBLE_MESSAGE);
  if (fieldModeOf(actor.fields ?? openFieldPolicy, definition.name, request.field) === 'hidden') {
    return new OutpostError('invalid', UNKNOWN_FIELD_MESSAGE);
  }
  return stored.record[request.field] ?? null;
}

/** @throws OutpostError `action_forbidden`, `not_visible`, `invalid`. */
export async function revealField(
  db: SqlDatabase,
  principal: Principal,
  request: RevealRequest,
  nowMs: number,
): Promise<unknown> {
  const { actor, deviceId } = principal;
  const found = await db.inTenant(actor.tenantId as TenantId, async (session) => {
    const value = await findValue({ session, principal, request });
    const outcome = value instanceof OutpostError ? value.code : 'revealed';
    const { entity, id, field } = request;
    const what = { command: REVEAL_COMMAND, entity, id, groups: [field], outcome };
    await appendAudit(session, actor.tenantId as TenantId, nowMs, [{ actor: actor.userId, device: deviceId, ...what }]);
    return value;
  });
  // Thrown after the commit, so that the refusal stands in the audit.
  if (found instanceof OutpostError) throw found;
  return found;
}

interface AuditRow {
  readonly at: number;
  readonly actor: string | null;
  readonly command: string;
  readonly entity: string;
  readonly id: string;
  readonly groups: readonly string[];
  readonly outcome: string;
}

/** Newest first: values revealed, exports with personal or masked fields, changes of roles, field rules and the registry of personal data. */
export async function readMaskingAudit(db: SqlDatabase, { actor }: Principal, limit: number): Promise<MaskingAudit> {
  if (!actor.permissions.includes('org.view_audit_logs')) {
    throw new OutpostError('action_forbidden', 'Only administrators read the audit log.');
  }
  const rows = await db.inTenant(actor.tenantId as TenantId, (session) =>
    session.query<AuditRow>(
      `SELECT at, actor, command, entity, id, groups, outcome FROM audit
       WHERE tenant = $1 AND (command = 'revealField' OR entity IN ('role', 'fieldRule', 'piiRule')
         OR (entity = 'dataExport' AND groups && ARRAY['personalFields', 'maskedFields', 'leftOutFields']))
       ORDER BY no DESC LIMIT $2`,
      [actor.tenantId, limit],
    ),
  );
  return { entries: rows.map((row) => ({ ...row, at: toInstant(row.at), groups: [...row.groups] })) };
}
