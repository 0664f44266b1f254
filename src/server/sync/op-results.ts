// What was answered to which operation. The same operation gets the same answer for ever; the same id with another
// body, or from another user, gets none. The record itself is not part of what is kept: a repeated operation shows the
// record as its sender may see it today.
import { createHash } from 'node:crypto';
import type { DeviceId, TenantId } from '#shared/kernel/ids.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { toJsonBytes, type SqlSession } from '#server/store/database.ts';

export interface KnownResult {
  readonly bodyHash: string;
  readonly userId: string;
  readonly verdict: Verdict;
}

export interface ResultRow {
  readonly operation: Operation;
  readonly bodyHash: string;
  readonly verdict: Verdict;
  readonly seq: number | null;
  /** Groups that changed, for the audit. */
  readonly groups: readonly string[];
}

export function hashOperation(operation: Operation): string {
  return createHash('sha256').update(toCanonicalJson(operation)).digest('base64');
}

/** Results of these operations and of those they depend on. */
export async function readKnownResults(
  session: SqlSession,
  tenantId: TenantId,
  deviceId: DeviceId,
  operations: readonly Operation[],
): Promise<ReadonlyMap<string, KnownResult>> {
  const ids = new Set(operations.flatMap((operation) => [operation.opId, ...operation.dependsOn]));
  if (ids.size === 0) return new Map();
  const rows = await session.query<KnownResult & { opId: string }>(
    `SELECT op_id AS "opId", body_hash AS "bodyHash", user_id AS "userId", verdict FROM op_result
     WHERE tenant = $1 AND device = $2 AND op_id = ANY($3::text[])`,
    [tenantId, deviceId, [...ids]],
  );
  return new Map(rows.map(({ opId, bodyHash, userId, verdict }) => [opId, { bodyHash, userId, verdict }]));
}

/** Writes results and audit, and moves the device's counter. */
export async function writeResults(
  session: SqlSession,
  tenantId: TenantId,
  deviceId: DeviceId,
  userId: string,
  nowMs: number,
  rows: readonly ResultRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const lastOpNo = Math.max(...rows.map((row) => row.operation.opNo));
  const counted = session.query(
    'UPDATE device SET last_op_no = $4 WHERE tenant = $1 AND device = $2 AND user_id = $3',
    [tenantId, deviceId, userId, lastOpNo],
  );
  const results = rows.map(({ operation, bodyHash, verdict, seq }) => ({
    op_id: operation.opId,
    op_no: operation.opNo,
    body_hash: bodyHash,
    verdict,
    seq,
  }));
  const stored = session.query(
    `INSERT INTO op_result (tenant, device, user_id, at, op_id, op_no, body_hash, verdict, seq)
     SELECT $1, $2, $3, $4::bigint, r.* FROM json_to_recordset($5::json)
       AS r(op_id text, op_no bigint, body_hash text, verdict json, seq bigint)`,
    [tenantId, deviceId, userId, nowMs, toJsonBytes(results)],
  );
  const audit = rows.map(({ operation, verdict, seq, groups }) => ({
    seq,
    op_id: operation.opId,
    command: operation.command,
    entity: operation.entity,
    id: operation.recordId,
    groups: [...new Set(groups)],
    outcome: verdict.status === 'rejected' ? verdict.code : verdict.status,
  }));
  const audited = session.query(
    `INSERT INTO audit (tenant, actor, device, at, seq, op_id, command, entity, id, groups, outcome)
     SELECT $1, $2, $3, $4::bigint, a.* FROM json_to_recordset($5::json)
       AS a(seq bigint, op_id text, command text, entity text, id text, groups text[], outcome text)`,
    [tenantId, userId, deviceId, nowMs, toJsonBytes(audit)],
  );
  await Promise.all([counted, stored, audited]);
}
