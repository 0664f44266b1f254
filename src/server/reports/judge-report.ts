// Who may have a report mailed, and who may be sent it, asked at every run: rights change between two of them. What is sent is
// never more than its recipient sees; that somebody sends it at all takes the right to export.
import type { Actor } from '#shared/access/actor.ts';
import { can } from '#shared/access/can.ts';
import { mayExport } from '#shared/access/export-rights.ts';
import { keySetOf, meets } from '#shared/access/scope.ts';
import { isPivotSpec } from '#shared/analytics/check-pivot.ts';
import { entityOfSource } from '#shared/analytics/pivot-source.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { definitionOf } from '#shared/entities/define-command.ts';
import type { RecipientReason, RunReason } from '#shared/entities/report-run/report-run.ts';
import type { StoredRecord } from '#server/sync/stored-record.ts';

export function mayRead(actor: Actor, stored: StoredRecord): boolean {
  const definition = definitionOf(stored.record.kind);
  const isVisible = meets(keySetOf(actor, definition, 'read'), stored.scopeKeys);
  return can({ actor, action: 'read', definition, before: stored.record, after: null, isVisible }).ok;
}

export function specOf(report: StoredRecord): PivotSpec | null {
  const { spec } = report.record;
  return isPivotSpec(spec) ? spec : null;
}

/** Why the owner of a schedule may not have this report mailed; null when it may be. */
export function judgeOwner(owner: Actor | null, report: StoredRecord | null): RunReason | null {
  if (owner === null) return 'ownerGone';
  const spec = report === null || !mayRead(owner, report) ? null : specOf(report);
  if (spec === null) return 'noReport';
  const source = entityOfSource(spec.source);
  return mayExport(owner, { kind: 'analytics', what: 'report', source }, definitionOf(source)).ok
    ? null
    : 'ownerMayNotExport';
}

/** Why somebody gets no mail of this report; null when they do. */
export function judgeRecipient(recipient: Actor | null, report: StoredRecord): RecipientReason | null {
  if (recipient === null) return 'deactivated';
  if (!recipient.permissions.some((name) => name === 'analytics.read' || name === 'record.analytics'))
    return 'noPermission';
  if (!mayRead(recipient, report)) return 'noReport';
  return /^[^\s@<>]+@[^\s@<>]+$/.test(recipient.email) ? null : 'noAddress';
}
