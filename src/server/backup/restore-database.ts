// Puts a dump in the place of everything that is there, in one transaction: all of it or nothing. Organizations get a new
// incarnation, so that every device notices that the server went back in time; persons who were erased since the backup
// was made are erased again; sessions go on only for people the restored organizations know.
import { randomUUID } from 'node:crypto';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { assertSameSchema, readTables, type DumpPart, type DumpTable } from '#server/backup/dump.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { RESTORE_COMMAND } from '#server/audit/check-page.ts';
import { erasePerson } from '#server/privacy/erase-person.ts';
import {
  CHANGE_CHANNEL,
  EPOCH_CHANNEL,
  FOLLOW_CHANNEL,
  type SqlDatabase,
  type SqlSession,
} from '#server/store/database.ts';

export interface RestoreSummary {
  readonly organizations: number;
  readonly rows: number;
  /** Persons erased after the backup was made, and now again. */
  readonly erasedAgain: number;
}

export interface RestoreWish {
  /** Replace what is there; without it a server with organizations is left alone. */
  readonly replace: boolean;
  readonly nowMs: number;
}

interface ErasedEntry {
  readonly tenantId: string;
  readonly id: string;
}

/** @throws OutpostError `invalid` for a dump of another release, or when there is something to replace. */
export async function restoreDatabase(
  db: SqlDatabase,
  parts: AsyncIterable<DumpPart>,
  wish: RestoreWish,
): Promise<RestoreSummary> {
  return db.asOwner(async (session) => {
    const tables = await readTables(session);
    const names = tables.map(({ name }) => name);
    await lockAll(session, names);
    if (!wish.replace) await assertEmpty(session);
    await session.query('CREATE TEMPORARY TABLE kept_erasure ON COMMIT DROP AS TABLE erasure_list');
    await session.query('CREATE TEMPORARY TABLE kept_email ON COMMIT DROP AS TABLE erased_email');
    for (const name of names.filter((table) => table !== 'meta')) await session.query(`DELETE FROM "${name}"`);
    const { rows, organizations } = await insertAll(session, parts, new Set(names));
    await session.query('UPDATE tenant_head SET last_ts = greatest(last_ts, $1::bigint) WHERE true', [wish.nowMs]);
    await renewIncarnations(session);
    await resetCounters(session, tables);
    const erasedAgain = await eraseAgain(session, wish.nowMs);
    await noteRestore(session, wish.nowMs);
    await endForeignSessions(session);
    for (const channel of [EPOCH_CHANNEL, CHANGE_CHANNEL, FOLLOW_CHANNEL])
      await session.query(`SELECT pg_notify($1, '')`, [channel]);
    return { organizations, rows, erasedAgain };
  });
}

/** `user_scope` first: a push takes its lock there before any other, so nobody is stopped half way. */
async function lockAll(session: SqlSession, names: readonly string[]): Promise<void> {
  await session.query(`SET LOCAL lock_timeout = '60s'`);
  const ordered = [
    'user_scope',
    ...names.filter((name) => name !== 'user_scope'),
    'session',
    'refresh_family',
    'api_key',
    'api_key_secret',
  ];
  await session.query(`LOCK TABLE ${ordered.map((name) => `"${name}"`).join(', ')} IN EXCLUSIVE MODE`);
}

async function assertEmpty(session: SqlSession): Promise<void> {
  const [row] = await session.query<{ count: number }>('SELECT count(*) AS count FROM tenant');
  if ((row?.count ?? 0) === 0) return;
  throw new OutpostError(
    'invalid',
    'There are organizations on this server. Add --replace to put the backup in the place of all of them. Nothing was changed.',
  );
}

async function insertAll(
  session: SqlSession,
  parts: AsyncIterable<DumpPart>,
  known: ReadonlySet<string>,
): Promise<{ readonly rows: number; readonly organizations: number }> {
  const tables = new Map<string, DumpTable>();
  let rows = 0;
  let organizations = 0;
  let isWhole = false;
  for await (const part of parts) {
    if (part.kind === 'begin') {
      assertSameSchema(part.schema);
      for (const table of part.tables) tables.set(table.name, table);
      organizations = part.tenants.length;
    } else if (part.kind === 'rows') {
      const table = tables.get(part.table);
      if (table === undefined || !known.has(part.table))
        throw new OutpostError('invalid', `The backup holds a table ${part.table} that this release does not know.`);
      await insertRows(session, table, part.lines);
      rows += part.lines.length;
    } else isWhole = true;
  }
  if (!isWhole) throw new OutpostError('invalid', 'The backup ended in the middle. Nothing was changed.');
  return { rows, organizations };
}

async function insertRows(session: SqlSession, table: DumpTable, lines: readonly string[]): Promise<void> {
  const columns = table.columns.map((column) => `"${column}"`).join(', ');
  const onConflict = table.name === 'meta' ? 'ON CONFLICT (key) DO UPDATE SET value = excluded.value' : '';
  await session.query(
    `INSERT INTO "${table.name}" (${columns}) OVERRIDING SYSTEM VALUE
     SELECT ${columns} FROM json_populate_recordset(NULL::public."${table.name}", $1::json) ${onConflict}`,
    [`[${lines.join(',')}]`],
  );
}

async function renewIncarnations(session: SqlSession): Promise<void> {
  const tenants = await session.query<{ tenant: string }>('SELECT tenant FROM tenant_head');
  await session.query(
    `UPDATE tenant_head SET incarnation = n.incarnation FROM unnest($1::text[], $2::text[]) AS n(tenant, incarnation)
     WHERE tenant_head.tenant = n.tenant`,
    [tenants.map(({ tenant }) => tenant), tenants.map(() => randomUUID())],
  );
}

/** The audit goes on where the backup ended, and says that it does: what stood behind that is gone. */
async function noteRestore(session: SqlSession, nowMs: number): Promise<void> {
  const tenants = await session.query<{ tenant: TenantId }>('SELECT tenant FROM tenant_head ORDER BY tenant');
  for (const { tenant } of tenants) {
    const what = { command: RESTORE_COMMAND, entity: 'organization', id: tenant, groups: [], outcome: 'applied' };
    await appendAudit(session, tenant, nowMs, [{ actor: null, device: null, ...what }]);
  }
}

/** Numbers that the database draws itself go on after the highest one restored. */
async function resetCounters(session: SqlSession, tables: readonly DumpTable[]): Promise<void> {
  const identities = await session.query<{ name: string; column: string }>(
    `SELECT c.relname::text AS name, a.attname::text AS column FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE c.relnamespace = 'public'::regnamespace AND a.attidentity <> '' AND NOT a.attisdropped AND c.relname = ANY($1::text[])`,
    [tables.map(({ name }) => name)],
  );
  for (const { name, column } of identities) {
    await session.query(
      `SELECT setval(pg_get_serial_sequence('"${name}"', '${column}'), (SELECT coalesce(max("${column}"), 0) + 1 FROM "${name}"), false)`,
    );
  }
}

async function eraseAgain(session: SqlSession, nowMs: number): Promise<number> {
  await session.query(
    `INSERT INTO erased_email SELECT k.* FROM kept_email k JOIN tenant t ON t.tenant = k.tenant ON CONFLICT DO NOTHING`,
  );
  const added = await session.query<ErasedEntry>(
    `INSERT INTO erasure_list SELECT k.* FROM kept_erasure k JOIN tenant t ON t.tenant = k.tenant
     ON CONFLICT DO NOTHING RETURNING tenant AS "tenantId", id`,
  );
  const subjects = await session.query<ErasedEntry>(
    `SELECT DISTINCT tenant AS "tenantId", id FROM erasure_list WHERE kind IN ('contact', 'lead', 'user')
       AND (tenant, id) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
    [added.map(({ tenantId }) => tenantId), added.map(({ id }) => id)],
  );
  let erased = 0;
  for (const { tenantId, id } of subjects) {
    const done = await erasePerson(session, tenantId as TenantId, { id }, { userId: null, nowMs, isRepeated: true });
    if (done.erased > 0) erased += 1;
  }
  return erased;
}

/** Somebody the restored organization does not know is asked to sign in, never told that an account was closed. */
async function endForeignSessions(session: SqlSession): Promise<void> {
  await session.query(
    `DELETE FROM session s WHERE NOT EXISTS (SELECT FROM account a WHERE a.tenant = s.tenant AND a.user_id = s.user_id)
       OR NOT EXISTS (SELECT FROM record r WHERE r.tenant = s.tenant AND r.coll = 'people' AND r.kind = 'user' AND r.id = s.user_id
         AND NOT r.deleted AND coalesce(r.data->>'isActive', 'true') <> 'false')`,
  );
  await session.query(
    'DELETE FROM refresh_family f WHERE NOT EXISTS (SELECT FROM session s WHERE s.tenant = f.tenant AND s.session_id = f.session_id)',
  );
  await session.query(
    `DELETE FROM api_key k WHERE NOT EXISTS (SELECT FROM record r WHERE r.tenant = k.tenant AND r.coll = 'people' AND r.kind = 'user'
       AND r.id = k.user_id AND NOT r.deleted AND coalesce(r.data->>'isActive', 'true') <> 'false')`,
  );
  await session.query(
    'DELETE FROM api_key_secret s WHERE NOT EXISTS (SELECT FROM api_key k WHERE k.tenant = s.tenant AND k.key_id = s.key_id)',
  );
}
