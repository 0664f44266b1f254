// The only writer of the audit. Entries get their numbers and hashes under the lock of the chain's head, held to the end of
// the transaction: whatever is committed is one chain without gaps, however many servers write. Called last in a
// transaction, because whoever waits for the head holds everything else already.
import { effectOf } from '#shared/audit/effects.ts';
import { isSensitiveEntry, needsReview } from '#shared/audit/sensitivity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import {
  drawSalts,
  hashEntry,
  NEWEST_FORMAT,
  seal,
  type AuditEntry,
  type AuditHead,
  type Sealed,
} from '#server/audit/audit-chain.ts';
import { currentSource, type AuditSource } from '#server/audit/audit-source.ts';
import { withSupportReasons } from '#server/platform/support-reasons.ts';
import { toJsonBytes, type SqlSession } from '#server/store/database.ts';

type Added = 'seq' | 'opId' | 'detail' | 'values' | 'session' | 'effect' | 'isSensitive' | 'needsReview';

/** Session, address and user agent of the request are added, flags are worked out where they are not given. */
export type NewAuditEntry = Omit<AuditEntry, 'atMs' | Added> &
  Partial<Pick<AuditEntry, Added>> & {
    /** Where it comes from, when it is written on behalf of another request than the present one. */
    readonly source?: AuditSource | null;
  };

/** In the order of their columns. */
const COLUMNS = `no, format, seq, actor, device, session, op_id, command, effect, entity, id, groups, outcome, sensitive,
  needs_review, detail, detail_salt, detail_hash, field_values, values_salt, values_hash, prev_hash, hash`;
const TYPES = `no bigint, format smallint, seq bigint, actor text, device text, session text, op_id text, command text, effect text,
  entity text, id text, groups text[], outcome text, sensitive boolean, needs_review boolean, detail json, detail_salt text, detail_hash text,
  field_values text, values_salt text, values_hash text, prev_hash text, hash text`;

interface SealedDetail extends Sealed {
  /** The same as the text, its keys in the same order. */
  readonly value: unknown;
}

/** Seals what may be erased. Entries that carry the very same detail share its seal: it is erased with the same person. */
function createSealer(count: number) {
  const saltAt = drawSalts(count * 2);
  const details = new Map<object, SealedDetail>();
  let drawn = 0;
  const nextSalt = (): string => saltAt(drawn++);
  return {
    detail(detail: AuditEntry['detail']): SealedDetail | null {
      if (detail === null) return null;
      const known = details.get(detail);
      if (known !== undefined) return known;
      const made = seal(detail, nextSalt());
      const sealed = { ...made, value: JSON.parse(made.text) as unknown };
      details.set(detail, sealed);
      return sealed;
    },
    values: (values: AuditEntry['values']): Sealed | null => (values === null ? null : seal(values, nextSalt())),
  };
}

function toDetail(detail: AuditEntry['detail'], source: AuditSource | null): AuditEntry['detail'] {
  if (source === null) return detail;
  return detail === null ? source.detail : { ...source.detail, ...detail };
}

interface Prepared {
  readonly entry: NewAuditEntry;
  readonly session: string | null;
  readonly detail: SealedDetail | null;
  readonly values: Sealed | null;
}

/** An entry in its place, after the one with this hash. */
function toRow(
  tenantId: TenantId,
  { no, hash: previousHash, atMs }: AuditHead & { readonly atMs: number },
  { entry, session, detail, values }: Prepared,
) {
  const { actor, device, seq = null, opId = null, command, entity, id, groups, outcome } = entry;
  const effect = entry.effect ?? effectOf(command);
  const isSensitive = entry.isSensitive ?? isSensitiveEntry(entry);
  const isToReview = entry.needsReview ?? needsReview(entry);
  const said = { atMs, actor, device, session, seq, opId, command, effect, entity, id, groups, outcome };
  const commitments = { detail: detail?.commitment ?? null, values: values?.commitment ?? null };
  const content = { ...said, isSensitive, needsReview: isToReview };
  const hash = hashEntry(tenantId, no, previousHash, content, commitments);
  const row = {
    no,
    format: NEWEST_FORMAT,
    seq,
    actor,
    device,
    session,
    op_id: opId,
    command,
    effect,
    entity,
    id,
    groups,
    outcome,
    sensitive: isSensitive,
    needs_review: isToReview,
    detail: detail?.value ?? null,
    detail_salt: detail?.salt ?? null,
    detail_hash: commitments.detail,
    field_values: values?.text ?? null,
    values_salt: values?.salt ?? null,
    values_hash: commitments.values,
    prev_hash: previousHash,
    hash,
  };
  return { row, hash };
}

/** Within a transaction of the organization: what happened stands in the audit exactly when it happened. */
export async function appendAudit(
  session: SqlSession,
  tenantId: TenantId,
  atMs: number,
  given: readonly NewAuditEntry[],
): Promise<void> {
  if (given.length === 0) return;
  const entries = await withSupportReasons(session, tenantId, given);
  const reading = session.query<AuditHead>('SELECT no, hash FROM audit_head WHERE tenant = $1 FOR UPDATE', [tenantId]);
  const present = currentSource();
  const sealer = createSealer(entries.length);
  // While the database looks for the head.
  const prepared = entries.map((entry) => {
    const source = entry.source === undefined ? present : entry.source;
    return {
      entry,
      session: entry.session ?? source?.session ?? null,
      detail: sealer.detail(toDetail(entry.detail ?? null, source)),
      values: sealer.values(entry.values ?? null),
    };
  });
  const [head] = await reading;
  if (head === undefined) throw new Error('An organization without a head of its audit.');
  let { no, hash } = head;
  const rows = prepared.map((one) => {
    const previousHash = hash;
    no += 1;
    const { row, hash: own } = toRow(tenantId, { no, hash: previousHash, atMs }, one);
    hash = own;
    return row;
  });
  await session.query(
    `WITH added AS (
       INSERT INTO audit (tenant, at, ${COLUMNS}) SELECT $1, $2::bigint, a.* FROM json_to_recordset($3::json) AS a(${TYPES}))
     UPDATE audit_head SET no = $4::bigint, hash = $5 WHERE tenant = $1`,
    [tenantId, atMs, toJsonBytes(rows), no, hash],
  );
}
