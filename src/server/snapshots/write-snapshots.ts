// Writes down the open pipeline of every day that is over, once: the day is claimed in the transaction that writes it, so a
// restart, a second server process or a repetition makes no second one. Days that were missed are made from the history of the
// deals, as far back as computers keep them. What is older than that leaves the computers like a deleted record and stays here.
import { createHash } from 'node:crypto';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { SNAPSHOT_DAYS } from '#shared/entities/pipeline-snapshot/snapshot-lines.ts';
import { entities } from '#shared/entities/registry.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { CHANGES_OF_A_NUMBER } from '#server/sync/narrow-children.ts';
import { readRecords } from '#server/sync/stored-record.ts';
import { createRecords, deleteRecords, newRecord } from '#server/sync/write-record.ts';
import { readOpenPipeline, type OwnedPipeline } from '#server/snapshots/open-pipeline.ts';

const definition = entities.pipelineSnapshot;
export const dayOf = (ms: number): Day => new Date(ms).toISOString().slice(0, 10);

/** The same wherever it is made; ids of a day follow each other. */
export function snapshotId(day: Day, ownerId: string | null, teamId: string | null): string {
  const whose = createHash('sha256')
    .update(JSON.stringify([ownerId, teamId]))
    .digest('hex')
    .slice(0, 24);
  return `snapshot.${day}.${whose}`;
}

/** Writes what is missing up to yesterday; answers the days. */
export async function writeSnapshots(db: SqlDatabase, tenantId: TenantId, nowMs: number): Promise<readonly Day[]> {
  const yesterday = addDays(dayOf(nowMs), -1);
  const first = await db.inTenant(tenantId, (session) => findFirstMissing(session, tenantId, yesterday));
  const written: Day[] = [];
  for (let day = first; day <= yesterday; day = addDays(day, 1)) {
    const isOurs = await db.inTenant(tenantId, (session) => writeDay(session, tenantId, day, nowMs));
    if (isOurs) written.push(day);
  }
  return written;
}

/** A day is over and was not written down. */
export async function isSnapshotMissing(db: SqlDatabase, tenantId: TenantId, nowMs: number): Promise<boolean> {
  const yesterday = addDays(dayOf(nowMs), -1);
  return db.inTenant(tenantId, async (session) => (await findFirstMissing(session, tenantId, yesterday)) <= yesterday);
}

async function findFirstMissing(session: SqlSession, tenantId: TenantId, yesterday: Day): Promise<Day> {
  const [row] = await session.query<{ last: Day | null; foundedAt: number }>(
    `SELECT (SELECT max(day) FROM pipeline_day WHERE tenant = $1) AS last, created_at AS "foundedAt" FROM tenant WHERE tenant = $1`,
    [tenantId],
  );
  const oldest = addDays(yesterday, 1 - SNAPSHOT_DAYS);
  const next = typeof row?.last === 'string' ? addDays(row.last, 1) : dayOf(row?.foundedAt ?? 0);
  return next > oldest ? next : oldest;
}

/** False when another process has done it, or the day was brought along (the demo company). */
async function writeDay(session: SqlSession, tenantId: TenantId, day: Day, nowMs: number): Promise<boolean> {
  // Whoever comes second waits here until the first is through.
  const claimed = await session.query(
    'INSERT INTO pipeline_day (tenant, day, made_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING day',
    [tenantId, day, nowMs],
  );
  if (claimed.length === 0) return false;
  const there = await session.query(
    `SELECT 1 AS one FROM record WHERE tenant = $1 AND coll = $2 AND id > $3 AND id < $4 LIMIT 1`,
    [tenantId, definition.collection, `snapshot.${day}.`, `snapshot.${day}/`],
  );
  if (there.length > 0) return false;
  const owned = await readOpenPipeline(session, tenantId, day);
  await createRecords(
    session,
    { tenantId, nowMs, actorId: null },
    owned.map((pipeline) => toSnapshot(day, pipeline, nowMs)),
  );
  return true;
}

function toSnapshot(day: Day, { ownerId, teamId, lines }: OwnedPipeline, nowMs: number): AnyRecord {
  const id = snapshotId(day, ownerId, teamId);
  const record = newRecord('pipelineSnapshot', id, ownerId, { day, lines }, { nowMs, actorId: null });
  return { ...record, teamId };
}

/** Days older than computers keep are deleted for them; the row keeps what it holds. */
export async function retireSnapshots(db: SqlDatabase, tenantId: TenantId, nowMs: number): Promise<void> {
  const lastDay = addDays(dayOf(nowMs), -1 - SNAPSHOT_DAYS);
  let count = -1;
  while (count !== 0) {
    count = await db.inTenant(tenantId, async (session) => {
      const places = await session.query<{ coll: 'reports'; id: string }>(
        `SELECT coll, id FROM record WHERE tenant = $1 AND coll = $2 AND id > 'snapshot.' AND id < $3 AND NOT deleted
         ORDER BY id LIMIT ${String(CHANGES_OF_A_NUMBER)}`,
        [tenantId, definition.collection, `snapshot.${lastDay}/`],
      );
      const stored = await readRecords(session, tenantId, places, true);
      await deleteRecords(session, { tenantId, nowMs, actorId: null }, [...stored.values()]);
      return stored.size;
    });
  }
}
