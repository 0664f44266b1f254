import { RUNS_KEPT_DAYS } from '#shared/entities/report-run/report-run.ts';
import { entities } from '#shared/entities/registry.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { deleteRecords, findRecord } from '#server/sync/write-record.ts';

const DAY_MS = 86_400_000;
const RUNS_AT_ONCE = 200;

/** Removes runs that are older than they are kept, and what is known of the planning of schedules that are gone. */
export async function sweepRuns(database: SqlDatabase, tenantId: TenantId, nowMs: number): Promise<void> {
  const before = toInstant(nowMs - RUNS_KEPT_DAYS * DAY_MS);
  const { collection } = entities.reportRun;
  const old = await database.inTenant(tenantId, (session) =>
    session.query<{ id: string }>(
      `SELECT id FROM record WHERE tenant = $1 AND coll = $2 AND kind = 'reportRun' AND NOT deleted AND data->>'dueAt' < $3
       ORDER BY id LIMIT ${String(RUNS_AT_ONCE)}`,
      [tenantId, collection, before],
    ),
  );
  for (const { id } of old)
    await database.inTenant(tenantId, async (session) => {
      const stored = await findRecord(session, tenantId, 'reportRun', id, true);
      if (stored !== null) await deleteRecords(session, { tenantId, nowMs, actorId: null }, [stored]);
    });
  await database.inTenant(tenantId, (session) =>
    session.query('DELETE FROM report_handover WHERE tenant = $1 AND begun_at < $2::bigint', [
      tenantId,
      nowMs - RUNS_KEPT_DAYS * DAY_MS,
    ]),
  );
  await database.inTenant(tenantId, (session) =>
    session.query(
      `DELETE FROM report_plan p WHERE p.tenant = $1 AND NOT EXISTS (
         SELECT 1 FROM record r WHERE r.tenant = p.tenant AND r.coll = $2 AND r.id = p.schedule AND NOT r.deleted)`,
      [tenantId, collection],
    ),
  );
}
