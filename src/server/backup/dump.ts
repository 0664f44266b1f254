// A database as a stream of parts, from one snapshot and by any of its readers: the same rows whether they come from
// PGlite or PostgreSQL, from this process or from a server that runs. Every table is in it unless it is named here as
// one that is not, so a table that is added later cannot be forgotten.
import { createHash } from 'node:crypto';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { AuditAnchor } from '#shared/sync/audit-messages.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { allMigrations } from '#server/store/migrations/all-migrations.ts';
import { secretKeysOfBackups } from '#server/store/server-secret.ts';

/** Which tables there are depends on the release; both sides must agree to the letter. */
export interface SchemaMark {
  readonly number: number;
  readonly hash: string;
}

export interface DumpTable {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface DumpTenant {
  readonly tenantId: string;
  readonly incarnation: string;
  readonly seq: number;
  /** Where the audit stood: whoever keeps a backup can prove later that nothing before it was changed. */
  readonly audit?: AuditAnchor;
}

export type DumpPart =
  | {
      readonly kind: 'begin';
      readonly schema: SchemaMark;
      readonly tables: readonly DumpTable[];
      readonly tenants: readonly DumpTenant[];
    }
  /** `tenantId` null: rows of the installation. `lines`: one JSON object a row. */
  | {
      readonly kind: 'rows';
      readonly table: string;
      readonly tenantId: string | null;
      readonly lines: readonly string[];
    }
  | { readonly kind: 'end' };

/**
 * The migrations say themselves what they are; sessions and API keys end with their server; secrets of signing belong to the installation;
 * measurements, and what became of the server's own work, are about the server they were made on.
 */
const LEFT_OUT = [
  'schema_migration',
  'session',
  'refresh_family',
  'sso_flow',
  'api_key',
  'api_key_secret',
  'api_usage',
  'monitor_usage',
  'monitor_error',
  'health_alert',
  'job_pause',
  'job_run',
  'webhook_delivery',
];
const ROWS_OF_A_PART = 500;
/** Tables with binary columns hold few, large rows. */
const LARGE_ROWS_OF_A_PART = 4;

export function currentSchema(): SchemaMark {
  const text = allMigrations.map((migration) => migration.statements.join(';\n')).join('\n\n');
  return { number: allMigrations.at(-1)?.number ?? 0, hash: createHash('sha256').update(text).digest('hex') };
}

interface TableFacts extends DumpTable {
  readonly hasTenant: boolean;
  readonly hasBytes: boolean;
}

/** Every table of the schema with its columns, but for those that are left out. */
export async function readTables(session: SqlSession): Promise<readonly TableFacts[]> {
  const rows = await session.query<{ name: string; columns: readonly string[]; hasBytes: boolean }>(
    `SELECT c.relname::text AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns,
       bool_or(a.atttypid = 'bytea'::regtype) AS "hasBytes"
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
       AND a.attgenerated = '' AND NOT (c.relname = ANY($1::text[]))
     GROUP BY c.relname ORDER BY c.relname`,
    [LEFT_OUT],
  );
  return rows.map((row) => ({ ...row, hasTenant: row.columns.includes('tenant') }));
}

/** Hands over everything, as it was at one instant; others go on working meanwhile on PostgreSQL, and wait on PGlite. */
export async function dumpDatabase(db: SqlDatabase, emit: (part: DumpPart) => Promise<void>): Promise<void> {
  await db.asOwner(
    async (session) => {
      const tables = await readTables(session);
      const tenants = await session.query<DumpTenant>(
        `SELECT h.tenant AS "tenantId", incarnation, seq, json_build_object('no', a.no, 'hash', a.hash) AS audit
         FROM tenant_head h JOIN audit_head a ON a.tenant = h.tenant ORDER BY h.tenant`,
      );
      await emit({
        kind: 'begin',
        schema: currentSchema(),
        tables: tables.map(({ name, columns }) => ({ name, columns })),
        tenants,
      });
      for (const table of tables.filter(({ hasTenant }) => !hasTenant)) await dumpTable(session, table, null, emit);
      for (const { tenantId } of tenants)
        for (const table of tables.filter(({ hasTenant }) => hasTenant))
          await dumpTable(session, table, tenantId, emit);
      await emit({ kind: 'end' });
    },
    { snapshot: true },
  );
}

async function dumpTable(
  session: SqlSession,
  table: TableFacts,
  tenantId: string | null,
  emit: (part: DumpPart) => Promise<void>,
): Promise<void> {
  const columns = table.columns.map((column) => `"${column}"`).join(', ');
  const condition = tenantId === null ? conditionOf(table) : 'WHERE tenant = $1';
  await session.query(
    `DECLARE dump CURSOR FOR SELECT row_to_json(r)::text AS line FROM (SELECT ${columns} FROM "${table.name}" ${condition}) AS r`,
    tenantId === null ? [] : [tenantId],
  );
  const size = table.hasBytes ? LARGE_ROWS_OF_A_PART : ROWS_OF_A_PART;
  for (;;) {
    const rows = await session.query<{ line: string }>(`FETCH ${size} FROM dump`);
    if (rows.length > 0) await emit({ kind: 'rows', table: table.name, tenantId, lines: rows.map(({ line }) => line) });
    if (rows.length < size) break;
  }
  await session.query('CLOSE dump');
}

/** Of the secrets only those that data depends on. */
function conditionOf(table: TableFacts): string {
  return table.name === 'meta' ? `WHERE key IN (${secretKeysOfBackups.map((key) => `'${key}'`).join(', ')})` : '';
}

/** @throws OutpostError `invalid` when another release made the dump. */
export function assertSameSchema(schema: SchemaMark): void {
  const own = currentSchema();
  if (schema.number === own.number && schema.hash === own.hash) return;
  throw new OutpostError(
    'invalid',
    `The backup was made by another release (schema ${String(schema.number)}, this program has ${String(own.number)}). Restore it with the release that made it, then update. Nothing was changed.`,
    { found: schema.number, known: own.number },
  );
}
