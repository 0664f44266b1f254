// What was answered to which operation. The same operation gets the same answer for ever; the same id with another
// body, or from another user, gets none. The record itself is not part of what is kept: a repeated operation shows the
// record as its sender may see it today.
import { createHash } from 'node:crypto';
import { effectOfKind } from '#shared/audit/effects.ts';
import type { AuditedValues } from '#shared/audit/audited-values.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { AuditSource } from '#server/audit/audit-source.ts';
import { toJsonBytes, type SqlSession } from '#server/store/database.ts';

export interface KnownResult {
  readonly bodyHash: string;
  readonly userId: string;
  readonly verdict: Verdict;
}

export interface ResultRow {
  readonly deviceId: string;
  readonly userId: string;
  readonly operation: Operation;
  readonly bodyHash: string;
  readonly verdict: Verdict;
  readonly seq: number | null;
  /** Groups that changed, for the audit. */
  readonly groups: readonly string[];
  /** What it did to the record it is about, for the audit. */
  readonly values: AuditedValues | null;
  readonly source: AuditSource | null;
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(toCanonicalJson(value)).digest('base64');
}

/** What makes two operations the same: everything but the values that were on the screen, which a device may have to forget. */
function hashOperation(operation: Operation): string {
  const { withoutBase: _withoutBase, changes, ...rest } = operation;
  return hashOf({ ...rest, changes: changes.map(({ base: _base, ...change }) => change) });
}

export function hashOperations(operations: readonly Operation[]): ReadonlyMap<Operation, string> {
  return new Map(operations.map((operation) => [operation, hashOperation(operation)]));
}

/**
 * Is this the operation that was answered? `hash`: of the operation, from hashOperations. Results of older servers were
 * kept under a hash of everything.
 */
export function isSameOperation(bodyHash: string, operation: Operation, hash: string): boolean {
  return bodyHash === hash || bodyHash === hashOf(operation);
}

/** Results of these operations and of those they depend on, by device and id. */
export async function readKnownResults(
  session: SqlSession,
  tenantId: TenantId,
  pushes: readonly { readonly deviceId: string; readonly operations: readonly Operation[] }[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, KnownResult>>> {
  const found = new Map<string, Map<string, KnownResult>>();
  const operations = pushes.flatMap((push) => push.operations);
  const ids = new Set(operations.flatMap((operation) => [operation.opId, ...operation.dependsOn]));
  if (ids.size === 0) return found;
  const rows = await session.query<KnownResult & { device: string; opId: string }>(
    `SELECT device, op_id AS "opId", body_hash AS "bodyHash", user_id AS "userId", verdict FROM op_result
     WHERE tenant = $1 AND device = ANY($2::text[]) AND op_id = ANY($3::text[])`,
    [tenantId, pushes.map((push) => push.deviceId), [...ids]],
  );
  for (const { device, opId, bodyHash, userId, verdict } of rows) {
    const ofDevice = found.get(device) ?? new Map<string, KnownResult>();
    found.set(device, ofDevice.set(opId, { bodyHash, userId, verdict }));
  }
  return found;
}

/** Writes results and audit, and moves the counters of the devices. */
export async function writeResults(
  session: SqlSession,
  tenantId: TenantId,
  nowMs: number,
  rows: readonly ResultRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const counters = new Map<string, ResultRow>();
  for (const row of rows) {
    const highest = counters.get(row.deviceId);
    if (highest === undefined || highest.operation.opNo < row.operation.opNo) counters.set(row.deviceId, row);
  }
  const counted = session.query(
    `UPDATE device SET last_op_no = c.op_no FROM unnest($2::text[], $3::text[], $4::bigint[]) AS c(device, user_id, op_no)
     WHERE device.tenant = $1 AND device.device = c.device AND device.user_id = c.user_id`,
    [
      tenantId,
      [...counters.keys()],
      [...counters.values()].map((row) => row.userId),
      [...counters.values()].map((row) => row.operation.opNo),
    ],
  );
  const results = rows.map(({ deviceId, userId, operation, bodyHash, verdict, seq }) => ({
    device: deviceId,
    user_id: userId,
    op_id: operation.opId,
    op_no: operation.opNo,
    body_hash: bodyHash,
    verdict,
    seq,
  }));
  const stored = session.query(
    `INSERT INTO op_result (tenant, at, device, user_id, op_id, op_no, body_hash, verdict, seq)
     SELECT $1, $2::bigint, r.* FROM json_to_recordset($3::json)
       AS r(device text, user_id text, op_id text, op_no bigint, body_hash text, verdict json, seq bigint)`,
    [tenantId, nowMs, toJsonBytes(results)],
  );
  const audited = appendAudit(
    session,
    tenantId,
    nowMs,
    rows.map(({ deviceId, userId, operation, verdict, seq, groups, values, source }) => ({
      actor: userId,
      device: deviceId,
      seq,
      opId: operation.opId,
      command: operation.command,
      effect: effectOfKind(operation.command, operation.kind),
      entity: operation.entity,
      id: operation.recordId,
      groups: [...new Set(groups)],
      outcome: verdict.status === 'rejected' ? verdict.code : verdict.status,
      detail: verdict.status === 'rejected' ? { error: verdict.message } : null,
      values,
      source,
    })),
  );
  await Promise.all([counted, stored, audited]);
}
