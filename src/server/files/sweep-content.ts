// The end of content: what belongs to a file that nobody can bring back any more. A deleted file, or a file of a deleted
// record, keeps its content as long as the deletion can be undone; what was erased for good loses it at once
// (`erase-person.ts`); an upload that nobody finished, and whose file is gone, goes too.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';
import { RESTORABLE_MS } from '#server/sync/judge-operation.ts';

/** Removes the content of these files. */
export async function removeContent(session: SqlSession, tenantId: TenantId, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  for (const table of ['file_chunk', 'file_content'])
    await session.query(`DELETE FROM ${table} WHERE tenant = $1 AND file = ANY($2::text[])`, [tenantId, ids]);
}

/** Removes what is over; answers how many files that was. */
export async function sweepContent(session: SqlSession, tenantId: TenantId, nowMs: number): Promise<number> {
  const rows = await session.query<{ file: string }>(
    `SELECT c.file FROM file_content c
     LEFT JOIN record f ON f.tenant = c.tenant AND f.coll = 'files' AND f.id = c.file AND f.kind = 'file'
     LEFT JOIN record p ON p.tenant = f.tenant AND p.id = f.subject AND p.kind IN ('account', 'contact', 'lead', 'deal', 'activity', 'task')
     WHERE c.tenant = $1 AND (f.id IS NULL OR p.id IS NULL
       OR (f.deleted AND f.deleted_at < $2::bigint) OR (p.deleted AND p.deleted_at < $2::bigint))`,
    [tenantId, nowMs - RESTORABLE_MS],
  );
  await removeContent(
    session,
    tenantId,
    rows.map(({ file }) => file),
  );
  return rows.length;
}
