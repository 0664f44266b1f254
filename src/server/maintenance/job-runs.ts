import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { LastRun } from '#shared/sync/job-messages.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export type RunFacts = LastRun['facts'];

/** Notes that a run began, does it, and notes what came of it: numbers and names of this program. */
export async function noteRun(
  database: SqlDatabase,
  clock: Clock,
  { id, name }: { readonly id: string; readonly name: string },
  work: () => Promise<RunFacts>,
): Promise<void> {
  await database.query(
    `INSERT INTO job_run (id, name, began_at, outcome, facts) VALUES ($1, $2, $3::bigint, 'running', '{}'::json)
     ON CONFLICT (id) DO UPDATE SET began_at = excluded.began_at, ended_at = NULL, outcome = 'running'`,
    [id, name, clock.now()],
  );
  const end = (outcome: 'done' | 'failed', facts: RunFacts) =>
    database.query('UPDATE job_run SET ended_at = $2::bigint, outcome = $3, facts = $4::json WHERE id = $1', [
      id,
      clock.now(),
      outcome,
      JSON.stringify(facts),
    ]);
  try {
    await end('done', await work());
  } catch (error) {
    await end('failed', { code: error instanceof Error && 'code' in error ? String(error.code) : 'internal' });
    throw error;
  }
}

interface RunRow {
  readonly name: string;
  readonly began: number;
  readonly ended: number | null;
  readonly outcome: LastRun['outcome'];
  readonly facts: RunFacts;
}

/** The last run of each kind of work. */
export async function readLastRuns(database: SqlDatabase): Promise<Readonly<Record<string, LastRun>>> {
  const rows = await database.query<RunRow>(
    `SELECT DISTINCT ON (name) name, began_at AS began, ended_at AS ended, outcome, facts FROM job_run ORDER BY name, began_at DESC, id`,
  );
  return Object.fromEntries(
    rows.map(({ name, began, ended, outcome, facts }) => [
      name,
      { beganAt: toInstant(began), endedAt: ended === null ? null : toInstant(ended), outcome, facts },
    ]),
  );
}

/** When this work was last done well; null when it never was. */
export async function lastDoneMs(database: SqlDatabase, name: string): Promise<number | null> {
  const [row] = await database.query<{ ended: number | null }>(
    `SELECT max(ended_at) AS ended FROM job_run WHERE name = $1 AND outcome = 'done'`,
    [name],
  );
  return row?.ended ?? null;
}

export async function forgetOldRuns(database: SqlDatabase, beforeMs: number): Promise<void> {
  await database.query('DELETE FROM job_run WHERE began_at < $1::bigint', [beforeMs]);
}
