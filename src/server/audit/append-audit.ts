// The only writer of the audit. Entries get their numbers and hashes under the lock of the chain's head, held to the end of
// the transaction: whatever is committed is one chain without gaps, however many servers write. Called last in a
// transaction, because whoever waits for the head holds everything else already.
import type { TenantId } from '#shared/kernel/ids.ts';
import { hashEntry, sealDetail, type AuditEntry, type AuditHead } from '#server/audit/audit-chain.ts';
import { withSupportReasons } from '#server/platform/support-reasons.ts';
import { toJsonBytes, type SqlSession } from '#server/store/database.ts';

export type NewAuditEntry = Omit<AuditEntry, 'atMs' | 'seq' | 'opId' | 'detail'> &
  Partial<Pick<AuditEntry, 'seq' | 'opId' | 'detail'>>;

/** In the order of their columns. */
const COLUMNS =
  'no, seq, actor, device, op_id, command, entity, id, groups, outcome, detail, detail_salt, detail_hash, prev_hash, hash';
const TYPES = `no bigint, seq bigint, actor text, device text, op_id text, command text, entity text, id text, groups text[],
  outcome text, detail json, detail_salt text, detail_hash text, prev_hash text, hash text`;

/** Within a transaction of the organization: what happened stands in the audit exactly when it happened. */
export async function appendAudit(
  session: SqlSession,
  tenantId: TenantId,
  atMs: number,
  given: readonly NewAuditEntry[],
): Promise<void> {
  if (given.length === 0) return;
  const entries = await withSupportReasons(session, tenantId, given);
  const [head] = await session.query<AuditHead>('SELECT no, hash FROM audit_head WHERE tenant = $1 FOR UPDATE', [
    tenantId,
  ]);
  if (head === undefined) throw new Error('An organization without a head of its audit.');
  let { no, hash } = head;
  const rows = entries.map((entry) => {
    const { detail, salt, commitment } = sealDetail(entry.detail ?? null);
    const whole = { ...entry, seq: entry.seq ?? null, opId: entry.opId ?? null, atMs };
    const previousHash = hash;
    no += 1;
    hash = hashEntry(tenantId, no, previousHash, whole, commitment);
    const { seq, actor, device, opId, command, entity, id, groups, outcome } = whole;
    const content = { no, seq, actor, device, op_id: opId, command, entity, id, groups, outcome };
    return { ...content, detail, detail_salt: salt, detail_hash: commitment, prev_hash: previousHash, hash };
  });
  await session.query(
    `WITH added AS (
       INSERT INTO audit (tenant, at, ${COLUMNS}) SELECT $1, $2::bigint, a.* FROM json_to_recordset($3::json) AS a(${TYPES}))
     UPDATE audit_head SET no = $4::bigint, hash = $5 WHERE tenant = $1`,
    [tenantId, atMs, toJsonBytes(rows), no, hash],
  );
}
