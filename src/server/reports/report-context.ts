// What the jobs of scheduled reports work with.
import type { Actor } from '#shared/access/actor.ts';
import type { PivotAnswer } from '#shared/analytics/pivot-question.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { Mailer } from '#server/mail/mailer.ts';
import type { SqlDatabase } from '#server/store/database.ts';

/** Answers a question from the records of one user, with the rights of that user. */
export type AnswerReport = (question: {
  readonly tenantId: TenantId;
  readonly actor: Actor;
  readonly spec: PivotSpec;
  readonly timeZone: string;
}) => Promise<PivotAnswer>;

export interface ReportContext {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  /** Null: mail is not set up. */
  readonly mailer: Mailer | null;
  readonly answer: AnswerReport;
}

/** What a job about a run says: one run of one schedule. */
export interface RunJob {
  readonly tenantId: TenantId;
  readonly scheduleId: string;
  readonly runId: string;
  readonly dueMs: number;
  readonly missed: number;
  readonly isManual: boolean;
}

export interface MailJob {
  readonly tenantId: TenantId;
  readonly runId: string;
  readonly userId: string;
  /** Somebody had it sent again: tells this from the first time. */
  readonly again?: string;
}
