// What a restore from a backup does to one organization: every row as it stood when the copy was made, in another life of
// the server. The audit stays: the running server can add to it only.
import { randomUUID } from 'node:crypto';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const tables = ['tenant_head', 'record', 'change', 'change_key', 'op_result', 'device', 'user_scope', 'user_reach'];

/** Copies the organization now; the answer puts it back to where it stood. */
export async function copyOrganization(db: SqlDatabase, tenantId: TenantId): Promise<() => Promise<void>> {
  const copies = await db.inTenant(tenantId, async (session) => {
    const found = new Map<string, string>();
    for (const table of tables) {
      const rows = await session.query<{ text: string }>(
        `SELECT coalesce(json_agg(t)::text, '[]') AS text FROM ${table} AS t`,
      );
      found.set(table, rows[0]?.text ?? '[]');
    }
    return found;
  });
  return () =>
    db.inTenant(tenantId, async (session) => {
      for (const [table, text] of copies) {
        await session.query(`DELETE FROM ${table} WHERE tenant = $1`, [tenantId]);
        await session.query(
          `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::public.${table}, $1::json)`,
          [text],
        );
      }
      await session.query('UPDATE tenant_head SET incarnation = $1', [randomUUID()]);
    });
}
