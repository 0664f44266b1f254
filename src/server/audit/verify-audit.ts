// Reads the whole audit of an organization and says whether it is what was written: every entry there, in its place and
// unchanged, up to the head; and whether heads that somebody kept elsewhere (on paper, in a backup, on the computer of an
// administrator) still lie in it. It names the first entry that is wrong. Others write meanwhile; what they add is not read.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { AuditAnchor, AuditFinding, AuditVerification } from '#shared/sync/audit-messages.ts';
import { commitToDetail, EMPTY_CHAIN, hashEntry, type AuditHead } from '#server/audit/audit-chain.ts';
import { ENTRY_COLUMNS, toEntry, type AuditRow } from '#server/audit/audit-rows.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

interface ChainedRow extends AuditRow {
  readonly prevHash: string;
  readonly hash: string;
  readonly detail: Readonly<Record<string, string>> | null;
  readonly salt: string | null;
  readonly commitment: string | null;
}

export const RESTORE_COMMAND = 'restore';
const ROWS_AT_ONCE = 2000;

function readHead(session: SqlSession, tenantId: TenantId): Promise<readonly AuditHead[]> {
  return session.query<AuditHead>('SELECT no, hash FROM audit_head WHERE tenant = $1', [tenantId]);
}

/** Each page is a transaction of its own: nobody waits for a long audit. */
function readPage(db: SqlDatabase, tenantId: TenantId, after: number, upTo: number): Promise<readonly ChainedRow[]> {
  return db.inTenant(
    tenantId,
    (session) =>
      session.query<ChainedRow>(
        `SELECT ${ENTRY_COLUMNS}, prev_hash AS "prevHash", hash, detail, detail_salt AS salt, detail_hash AS commitment
         FROM audit WHERE tenant = $1 AND no > $2 AND no <= $3 ORDER BY no LIMIT ${String(ROWS_AT_ONCE)}`,
        [tenantId, after, upTo],
      ),
    { snapshot: true },
  );
}

/** What is wrong with an entry that should follow `before`; null when nothing is. */
function findFault(tenantId: TenantId, before: AuditHead, row: ChainedRow): AuditFinding | null {
  const { no, prevHash, hash, detail, salt, commitment } = row;
  if (no !== before.no + 1) return { kind: 'missing', no: before.no + 1 };
  if (hashEntry(tenantId, no, prevHash, toEntry(row), commitment) !== hash) return { kind: 'altered', no };
  if (prevHash !== before.hash) return { kind: 'unconnected', no };
  if (detail === null && salt === null) return null;
  // What was erased is gone with its salt; everything else must be what was committed to.
  const isDetail = detail !== null && salt !== null && commitToDetail(salt, detail) === commitment;
  return isDetail ? null : { kind: 'altered', no };
}

/** Only the operator of the server restores; whatever people send has an actor. */
function isRestore({ command, actor }: ChainedRow): boolean {
  return command === RESTORE_COMMAND && actor === null;
}

/** What was added beyond the head was not written by the server. */
function findBeyond(db: SqlDatabase, tenantId: TenantId): Promise<AuditFinding | null> {
  return db.inTenant(
    tenantId,
    async (session) => {
      const [row] = await session.query<{ no: number | null }>(
        `SELECT min(a.no) AS no FROM audit a JOIN audit_head h ON h.tenant = a.tenant WHERE a.tenant = $1 AND (a.no > h.no OR a.no < 1)`,
        [tenantId],
      );
      return row === undefined || row.no === null ? null : { kind: 'inserted', no: row.no };
    },
    { snapshot: true },
  );
}

/** The faults of the anchors: a head that was kept and does not lie in the chain, because its end was cut or its past rewritten. */
function findLost(anchors: readonly AuditAnchor[], hashes: ReadonlyMap<number, string>): AuditFinding | null {
  const lost = anchors
    .filter(({ no, hash }) => no > 0 && hashes.get(no) !== hash)
    .toSorted((one, other) => one.no - other.no)[0];
  if (lost === undefined) return null;
  return { kind: hashes.has(lost.no) ? 'rewritten' : 'cut', no: lost.no };
}

/** @param anchors heads of this chain from earlier that were kept elsewhere. */
export async function verifyAudit(
  db: SqlDatabase,
  tenantId: TenantId,
  anchors: readonly AuditAnchor[],
  nowMs: number,
): Promise<AuditVerification> {
  const [head = EMPTY_CHAIN] = await db.inTenant(tenantId, (session) => readHead(session, tenantId), {
    snapshot: true,
  });
  const wanted = new Set(anchors.map(({ no }) => no));
  const hashes = new Map<number, string>();
  let last: AuditHead = EMPTY_CHAIN;
  let fault: AuditFinding | null = null;
  let restored: AuditVerification['restored'] = null;
  for (let isOver = false; !isOver && fault === null;) {
    const rows = await readPage(db, tenantId, last.no, head.no);
    for (const row of rows) {
      fault = findFault(tenantId, last, row);
      if (fault !== null) break;
      last = { no: row.no, hash: row.hash };
      if (wanted.has(row.no)) hashes.set(row.no, row.hash);
      if (isRestore(row)) restored = { no: row.no, at: toInstant(row.at) };
    }
    isOver = rows.length < ROWS_AT_ONCE;
  }
  if (fault === null && last.no < head.no) fault = { kind: 'cut', no: last.no + 1 };
  if (fault === null && last.hash !== head.hash) fault = { kind: 'rewritten', no: head.no };
  fault ??= findLost(anchors, hashes) ?? (await findBeyond(db, tenantId));
  return { verifiedAt: toInstant(nowMs), entries: head.no, verified: last.no, head, finding: fault, restored };
}
