// Queues that somebody paused. What is in them stays and more may come; no server takes anything out until they are resumed. It
// stands in the database, so it holds for all servers and after a restart.
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

/** Sent at the commit of every pause and resumption. */
export const PAUSE_CHANNEL = 'outpost_job_pause';

export async function readPauses(database: SqlDatabase): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ queue: string }>('SELECT queue FROM job_pause');
  return new Set(rows.map(({ queue }) => queue));
}

export async function setPause(
  session: SqlSession,
  queue: string,
  isPaused: boolean,
  by: { readonly userId: string; readonly nowMs: number },
): Promise<void> {
  await (isPaused
    ? session.query('INSERT INTO job_pause (queue, at, by_user) VALUES ($1, $2::bigint, $3) ON CONFLICT DO NOTHING', [
        queue,
        by.nowMs,
        by.userId,
      ])
    : session.query('DELETE FROM job_pause WHERE queue = $1', [queue]));
  await session.query('SELECT pg_notify($1, $2)', [PAUSE_CHANNEL, queue]);
}
