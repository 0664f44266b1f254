// What lies in the queues, read from the tables of the job engine as they are: also when no job ran on this server yet, and on one
// whose engine never started. Whoever does not run the whole server sees the jobs of the own organization.
import { toInstant } from '#shared/kernel/calendar.ts';
import { jobStates, type JobLine, type JobQuery, type JobState, type Queue } from '#shared/sync/job-messages.ts';
import { readPauses } from '#server/jobs/pauses.ts';
import { JOB_SCHEMA, queueNames } from '#server/jobs/queues.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export interface JobCount {
  readonly queue: string;
  readonly state: JobState;
  readonly count: number;
  readonly oldestSeconds: number;
}

const STATE = `CASE WHEN state = 'created' AND start_after > now() THEN 'delayed' WHEN state = 'created' THEN 'waiting'
  WHEN state = 'retry' THEN 'retrying' WHEN state = 'completed' THEN 'done' ELSE state::text END`;
const TENANT = `data->'data'->>'tenantId'`;
const MOST_ERROR_LETTERS = 200;

async function hasJobs(database: SqlDatabase): Promise<boolean> {
  const [row] = await database.query<{ has: boolean }>(`SELECT to_regclass('${JOB_SCHEMA}.job') IS NOT NULL AS has`);
  return row?.has === true;
}

/** `tenantId` null: of all. */
export async function readJobCounts(database: SqlDatabase, tenantId: string | null): Promise<readonly JobCount[]> {
  if (!(await hasJobs(database))) return [];
  return database.query<JobCount>(
    `SELECT name AS queue, ${STATE} AS state, count(*)::int AS count,
       greatest(0, coalesce(max(extract(epoch FROM now() - start_after)), 0))::int AS "oldestSeconds"
     FROM ${JOB_SCHEMA}.job WHERE $1::text IS NULL OR ${TENANT} = $1 GROUP BY 1, 2 ORDER BY 1, 2`,
    [tenantId],
  );
}

/** Every queue, also those without jobs. */
export async function readQueues(database: SqlDatabase, tenantId: string | null): Promise<readonly Queue[]> {
  const [counts, pauses] = await Promise.all([readJobCounts(database, tenantId), readPauses(database)]);
  const names = new Set<string>([...queueNames, ...counts.map(({ queue }) => queue)]);
  // What was given up is told by the queue it was given up in; on its way there it is seen as long as it takes.
  const isShown = (name: string): boolean =>
    !name.endsWith('.dead') ||
    counts.some((row) => row.queue === name && row.state !== 'done' && row.state !== 'cancelled');
  return [...names].filter(isShown).map((name) => {
    const own = counts.filter(({ queue }) => queue === name);
    const countOf = (state: JobState): number => own.find((row) => row.state === state)?.count ?? 0;
    return {
      name,
      isPaused: pauses.has(name),
      counts: Object.fromEntries(jobStates.map((state) => [state, countOf(state)])) as Queue['counts'],
      oldestSeconds: own.find(({ state }) => state === 'waiting')?.oldestSeconds ?? 0,
    };
  });
}

interface JobRow {
  readonly id: string;
  readonly queue: string;
  readonly kind: string | null;
  readonly state: JobState;
  readonly tenantId: string | null;
  readonly createdMs: number;
  readonly startsMs: number;
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  readonly attempts: number;
  readonly mostAttempts: number;
  readonly error: string | null;
}

const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`;

function toLine(row: JobRow): JobLine {
  const { createdMs, startsMs, startedMs, endedMs, attempts, mostAttempts } = row;
  const instant = (at: number | null): string | null => (at === null ? null : toInstant(Math.round(at)));
  const waits = row.state === 'waiting' || row.state === 'delayed' || row.state === 'retrying';
  return {
    id: row.id,
    queue: row.queue,
    kind: row.kind ?? row.queue,
    state: row.state,
    tenantId: row.tenantId,
    createdAt: toInstant(Math.round(createdMs)),
    startsAt: waits ? instant(startsMs) : null,
    startedAt: instant(startedMs),
    endedAt: instant(endedMs),
    attempts: attempts + (startedMs === null ? 0 : 1),
    mostAttempts: mostAttempts + 1,
    error: (row.error ?? '').slice(0, MOST_ERROR_LETTERS),
  };
}

/** Newest first. */
export async function readJobs(
  database: SqlDatabase,
  tenantId: string | null,
  { queue, state, limit = 50 }: JobQuery,
): Promise<readonly JobLine[]> {
  if (!(await hasJobs(database))) return [];
  const rows = await database.query<JobRow>(
    `SELECT * FROM (
       SELECT id::text AS id, name AS queue, data->>'kind' AS kind, ${STATE} AS state, ${TENANT} AS "tenantId",
         ${ms('created_on')} AS "createdMs", ${ms('start_after')} AS "startsMs", ${ms('started_on')} AS "startedMs",
         ${ms('completed_on')} AS "endedMs", retry_count AS attempts, retry_limit AS "mostAttempts",
         CASE WHEN state IN ('retry', 'failed') THEN output->>'message' END AS error
       FROM ${JOB_SCHEMA}.job WHERE ($1::text IS NULL OR ${TENANT} = $1) AND ($2::text IS NULL OR name = $2)) AS job
     WHERE $3::text IS NULL OR state = $3 ORDER BY "createdMs" DESC, id LIMIT ${String(limit)}`,
    [tenantId, queue ?? null, state ?? null],
  );
  return rows.map(toLine);
}
