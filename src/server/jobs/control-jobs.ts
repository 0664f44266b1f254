// What administrators do to jobs: try one again now, take one back, let a queue wait. Each stands in the audit of the one who did
// it, in the transaction in which it happens.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { JobAction, QueueChange } from '#shared/sync/job-messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { setPause } from '#server/jobs/pauses.ts';
import { JOB_SCHEMA } from '#server/jobs/queues.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface JobAuthor {
  readonly actor: Actor;
  readonly deviceId: string;
  readonly nowMs: number;
}

export async function auditJob(session: SqlSession, by: JobAuthor, command: string, id: string): Promise<void> {
  const { actor, deviceId, nowMs } = by;
  const entry = { actor: actor.userId, device: deviceId, entity: 'job', groups: [], outcome: 'applied' };
  await appendAudit(session, actor.tenantId as TenantId, nowMs, [{ ...entry, command, id }]);
}

/** One that was given up is tried once more; one that waits for its time runs now. */
const RETRY = `
  UPDATE ${JOB_SCHEMA}.job SET start_after = now(), completed_on = NULL,
    retry_limit = CASE WHEN state = 'failed' THEN retry_limit + 1 ELSE retry_limit END,
    state = (CASE WHEN state = 'failed' THEN 'retry' ELSE state::text END)::${JOB_SCHEMA}.job_state
  WHERE name = $1 AND id = $2::uuid AND state IN ('failed', 'retry', 'created') AND ($3::text IS NULL OR data->'data'->>'tenantId' = $3)
  RETURNING id`;
const CANCEL = `
  UPDATE ${JOB_SCHEMA}.job SET state = 'cancelled', completed_on = now()
  WHERE name = $1 AND id = $2::uuid AND state IN ('retry', 'created') AND ($3::text IS NULL OR data->'data'->>'tenantId' = $3)
  RETURNING id`;

/** `tenantId` null: any job. @throws OutpostError `not_found` when it is not there, not the own, or past that. */
export async function changeJob(
  database: SqlDatabase,
  by: JobAuthor,
  tenantId: string | null,
  { queue, id, action }: JobAction,
): Promise<void> {
  await database.inTenant(by.actor.tenantId as TenantId, async (session) => {
    const done = await session.query(action === 'retry' ? RETRY : CANCEL, [queue, id, tenantId]);
    if (done.length === 0)
      throw new OutpostError('not_found', 'There is no such job any more, or it is past the point where that helps.');
    await auditJob(session, by, action === 'retry' ? 'job.retry' : 'job.cancel', id);
  });
}

export async function changeQueue(
  database: SqlDatabase,
  by: JobAuthor,
  { queue, isPaused }: QueueChange,
): Promise<void> {
  await database.inTenant(by.actor.tenantId as TenantId, async (session) => {
    await setPause(session, queue, isPaused, { userId: by.actor.userId, nowMs: by.nowMs });
    await auditJob(session, by, isPaused ? 'job.pause' : 'job.resume', queue);
  });
}
