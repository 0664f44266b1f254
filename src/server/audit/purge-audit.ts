// What is older than an organization keeps its audit goes into the archive, and out of the audit: entries without what may
// name a person, in the order of their chain, so that the chain can be verified from its first entry for ever. An entry says
// up to where; without it a missing beginning is a missing beginning. A legal hold stops all of it.
import { deflateRawSync } from 'node:zlib';
import { retentionDays } from '#shared/audit/policy/audit-policy.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { formatAnchor } from '#shared/sync/audit-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { EMPTY_CHAIN, type AuditHead } from '#server/audit/audit-chain.ts';
import { ARCHIVED_PAGE, type Page } from '#server/audit/audit-rows.ts';
import { PURGE_COMMAND } from '#server/audit/check-page.ts';
import { readPolicies } from '#server/audit/policies.ts';
import { ENTRIES_OF_A_PAGE } from '#server/audit/read-chain.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const DAY_MS = 86_400_000;

export async function isHeld(session: SqlSession, tenantId: TenantId): Promise<boolean> {
  const [hold] = await session.query('SELECT id FROM audit_hold WHERE tenant = $1 AND released_at IS NULL LIMIT 1', [
    tenantId,
  ]);
  return hold !== undefined;
}

/** Of the oldest page those that are all too old, in their order: the last of them, or null. */
async function findLastExpired(
  session: SqlSession,
  tenantId: TenantId,
  after: number,
  beforeMs: number,
): Promise<AuditHead | null> {
  const rows = await session.query<AuditHead & { readonly at: number; readonly isOpen: boolean }>(
    `SELECT a.no, a.hash, a.at, r.no IS NOT NULL AND r.reviewed_at IS NULL AS "isOpen"
     FROM audit a LEFT JOIN audit_review r ON r.tenant = a.tenant AND r.no = a.no
     WHERE a.tenant = $1 AND a.no > $2::bigint AND a.no <= $3::bigint ORDER BY a.no`,
    [tenantId, after, after + ENTRIES_OF_A_PAGE],
  );
  // Nothing goes that somebody should still look at.
  const stop = rows.findIndex(({ at, isOpen }) => at >= beforeMs || isOpen);
  const last = stop === -1 ? rows.at(-1) : rows[stop - 1];
  return last === undefined ? null : { no: last.no, hash: last.hash };
}

/** Archives and removes a page; how many entries that were. With the rights of the owner: the server itself cannot. */
function purgePage(db: SqlDatabase, tenantId: TenantId, nowMs: number): Promise<number> {
  return db.asOwner(async (session) => {
    await session.query('SELECT no FROM audit_head WHERE tenant = $1 FOR UPDATE', [tenantId]);
    if (await isHeld(session, tenantId)) return 0;
    const days = retentionDays(await readPolicies(session, tenantId));
    const [base = EMPTY_CHAIN] = await session.query<AuditHead>('SELECT no, hash FROM audit_base WHERE tenant = $1', [
      tenantId,
    ]);
    const last = await findLastExpired(session, tenantId, base.no, nowMs - days * DAY_MS);
    if (last === null) return 0;
    const [page] = await session.query<Page>(ARCHIVED_PAGE, [tenantId, base.no, last.no, ENTRIES_OF_A_PAGE]);
    // A gap is for the verifier to find: nothing is archived over it.
    if (page === undefined || page.count !== last.no - base.no) return 0;
    await session.query(
      `INSERT INTO audit_archive (tenant, first_no, last_no, at, content) VALUES ($1, $2::bigint, $3::bigint, $4::bigint, $5)`,
      [tenantId, base.no + 1, last.no, nowMs, new Uint8Array(deflateRawSync(page.text))],
    );
    for (const table of ['audit', 'audit_words', 'audit_review'])
      await session.query(`DELETE FROM ${table} WHERE tenant = $1 AND no <= $2::bigint`, [tenantId, last.no]);
    await session.query(
      `INSERT INTO audit_base (tenant, no, hash) VALUES ($1, $2::bigint, $3)
       ON CONFLICT (tenant) DO UPDATE SET no = excluded.no, hash = excluded.hash`,
      [tenantId, last.no, last.hash],
    );
    const what = { command: PURGE_COMMAND, entity: 'audit', id: formatAnchor(last), groups: [], outcome: 'applied' };
    await appendAudit(session, tenantId, nowMs, [{ actor: null, device: null, effect: 'operate', ...what }]);
    return page.count;
  });
}

/** Everything an organization need not keep any more; how many entries went into the archive. */
export async function purgeAudit(db: SqlDatabase, tenantId: TenantId, nowMs: number): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await purgePage(db, tenantId, nowMs);
    total += count;
    if (count < ENTRIES_OF_A_PAGE) return total;
  }
}
