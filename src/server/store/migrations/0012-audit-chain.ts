import type { TenantId } from '#shared/kernel/ids.ts';
import { EMPTY_CHAIN, hashEntry, type ChainedContent } from '#server/audit/audit-chain.ts';
import { toJsonBytes, type SqlSession } from '#server/store/database.ts';
import type { Migration } from '#server/store/migrate.ts';
import { APPLICATION_ROLE, protectByTenant } from '#server/store/migrations/tenant-table.ts';

const ROWS_AT_ONCE = 2000;

/** An entry as it was then, with what came later and is not in its hash. */
const COLUMNS = `no, at AS "atMs", actor, device, seq, op_id AS "opId", command, entity, id, groups, outcome,
  NULL AS session, '' AS effect, false AS "isSensitive", false AS "needsReview"`;

/** Entries from before the chain get their hashes in the order in which they were written. */
async function chainExisting(session: SqlSession): Promise<void> {
  const tenants = await session.query<{ tenant: TenantId }>('SELECT tenant FROM audit_head ORDER BY tenant');
  for (const { tenant } of tenants) {
    let { no, hash } = EMPTY_CHAIN;
    for (;;) {
      const rows = await session.query<ChainedContent & { readonly no: number }>(
        `SELECT ${COLUMNS} FROM audit WHERE tenant = $1 AND no > $2 ORDER BY no LIMIT ${String(ROWS_AT_ONCE)}`,
        [tenant, no],
      );
      if (rows.length === 0) break;
      const chained = rows.map((row) => {
        const previousHash = hash;
        no = row.no;
        hash = hashEntry(tenant, no, previousHash, row, { detail: null, values: null }, 1);
        return { no, prev_hash: previousHash, hash };
      });
      await session.query(
        `UPDATE audit SET prev_hash = c.prev_hash, hash = c.hash
         FROM json_to_recordset($2::json) AS c(no bigint, prev_hash text, hash text) WHERE audit.tenant = $1 AND audit.no = c.no`,
        [tenant, toJsonBytes(chained)],
      );
    }
    await session.query('UPDATE audit_head SET no = $2, hash = $3 WHERE tenant = $1', [tenant, no, hash]);
  }
}

/**
 * The audit becomes a chain: entries are numbered without gaps by organization and carry the hash of their predecessor.
 * What may name a person stands apart; it alone may be emptied by the running server.
 */
export const auditChain: Migration = {
  number: 12,
  name: 'audit chain',
  statements: [
    `CREATE TABLE audit_head (tenant text COLLATE "C" PRIMARY KEY, no bigint NOT NULL, hash text NOT NULL)`,
    `INSERT INTO audit_head (tenant, no, hash) SELECT tenant, 0, '' FROM tenant`,
    ...protectByTenant('audit_head'),
    `ALTER TABLE audit ADD COLUMN no bigint, ADD COLUMN prev_hash text NOT NULL DEFAULT '', ADD COLUMN hash text NOT NULL DEFAULT '',
       ADD COLUMN detail json, ADD COLUMN detail_salt text, ADD COLUMN detail_hash text`,
    'ALTER TABLE audit ALTER COLUMN prev_hash DROP DEFAULT, ALTER COLUMN hash DROP DEFAULT',
    `UPDATE audit SET no = n.no FROM (
       SELECT tenant, entry, row_number() OVER (PARTITION BY tenant ORDER BY entry) AS no FROM audit) AS n
     WHERE audit.tenant = n.tenant AND audit.entry = n.entry`,
    'DROP INDEX audit_of_masks',
    'ALTER TABLE audit DROP CONSTRAINT audit_pkey',
    'ALTER TABLE audit DROP COLUMN entry',
    'ALTER TABLE audit ADD PRIMARY KEY (tenant, no)',
    `CREATE INDEX audit_of_masks ON audit (tenant, no) WHERE command = 'revealField' OR entity IN ('role', 'fieldRule', 'piiRule')`,
    `GRANT UPDATE (detail, detail_salt) ON audit TO ${APPLICATION_ROLE}`,
  ],
  work: chainExisting,
};
