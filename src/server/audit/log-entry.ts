// An entry in the shape the documents of the audit's interface name: for programs that were written after them.
import { Type, type Static } from 'typebox';
import { isDoneOutcome, type AuditLine } from '#shared/sync/audit-messages.ts';

const Text = Type.Union([Type.String(), Type.Null()]);

export const LogEntrySchema = Type.Object({
  id: Type.Integer(),
  timestamp: Type.String(),
  action: Type.String(),
  action_description: Type.String(),
  user_id: Text,
  user_email: Text,
  resource_type: Type.String(),
  resource_id: Type.String(),
  entity_type: Type.String(),
  entity_id: Type.String(),
  entity_name: Text,
  old_values: Type.Record(Type.String(), Type.Unknown()),
  new_values: Type.Record(Type.String(), Type.Unknown()),
  changed_fields: Type.Array(Type.String()),
  is_sensitive: Type.Boolean(),
  requires_review: Type.Boolean(),
  reviewed_by: Text,
  reviewed_at: Text,
  review_note: Text,
  ip_address: Text,
  user_agent: Text,
  session_id: Text,
  device_id: Text,
  success: Type.Boolean(),
  error_message: Text,
  details: Type.Record(Type.String(), Type.String()),
});
export type LogEntry = Static<typeof LogEntrySchema>;

export function toLogEntry(line: AuditLine): LogEntry {
  const { changes, review, detail, outcome } = line;
  const isDone = isDoneOutcome(outcome);
  return {
    id: line.no,
    timestamp: line.at,
    action: line.action ?? line.command,
    action_description: `${line.command} ${line.entity} ${line.id}`,
    user_id: line.actor,
    user_email: line.actorEmail,
    resource_type: line.entity,
    resource_id: line.id,
    entity_type: line.entity,
    entity_id: line.id,
    entity_name: line.name,
    old_values: Object.fromEntries((changes ?? []).map(({ field, before }) => [field, before])),
    new_values: Object.fromEntries((changes ?? []).map(({ field, after }) => [field, after])),
    changed_fields: changes === null ? line.groups : changes.map(({ field }) => field),
    is_sensitive: line.isSensitive,
    requires_review: review !== null && review.reviewedAt === null,
    reviewed_by: review?.reviewedBy ?? null,
    reviewed_at: review?.reviewedAt ?? null,
    review_note: review?.note ?? null,
    ip_address: detail?.['address'] ?? null,
    user_agent: detail?.['userAgent'] ?? null,
    session_id: line.session,
    device_id: line.device,
    success: isDone,
    error_message: isDone ? null : (detail?.['error'] ?? outcome),
    details: detail ?? {},
  };
}
