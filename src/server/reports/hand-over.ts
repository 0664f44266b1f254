// Mails of runs that may be gone. It is kept before the last byte of a mail leaves, and removed with what came of it: a mail of
// which only the beginning is kept is never sent again by itself, because it may have arrived. Everything happens under the lock
// of the run's record.
import { recipientsOf } from '#shared/entities/report-run/report-run.ts';
import type { MailJob, ReportContext } from '#server/reports/report-context.ts';
import type { SqlSession } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';

/** Nobody waits for this mail any more, or another job hands it over. */
export class NotToSend extends Error {
  override readonly name = 'NotToSend';
}

const THIS_MAIL = 'tenant = $1 AND run = $2 AND user_id = $3';

/** Whether it may be gone, and nothing is known of what came of it. */
export async function mayBeGone(session: SqlSession, { tenantId, runId, userId }: MailJob): Promise<boolean> {
  const place = [tenantId, runId, userId];
  const rows = await session.query(`SELECT 1 FROM report_handover WHERE ${THIS_MAIL}`, place);
  return rows.length > 0;
}

/** Keeps that it may be gone from now on. @throws NotToSend */
export function beginHandOver({ database, clock }: ReportContext, job: MailJob, claim: string): Promise<void> {
  const { tenantId, runId, userId } = job;
  return database.inTenant(tenantId, async (session) => {
    const run = await findRecord(session, tenantId, 'reportRun', runId, true);
    const waits = recipientsOf(run?.record ?? {}).some((one) => one.userId === userId && one.state === 'waiting');
    const kept = waits
      ? await session.query(
          `INSERT INTO report_handover (tenant, run, user_id, claim, begun_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT DO NOTHING RETURNING run`,
          [tenantId, runId, userId, claim, clock.now()],
        )
      : [];
    if (kept.length === 0) throw new NotToSend('This mail is not to be sent by this job any more.');
  });
}

/** The mail server said that it did not take it over: it may be tried again. */
export async function takeBack({ database }: ReportContext, job: MailJob, claim: string): Promise<void> {
  const { tenantId, runId, userId } = job;
  await database.inTenant(tenantId, (session) =>
    session.query(`DELETE FROM report_handover WHERE ${THIS_MAIL} AND claim = $4`, [tenantId, runId, userId, claim]),
  );
}

/** What came of it is known, or somebody decided. */
export async function endHandOver(session: SqlSession, { tenantId, runId, userId }: MailJob): Promise<void> {
  await session.query(`DELETE FROM report_handover WHERE ${THIS_MAIL}`, [tenantId, runId, userId]);
}
