import type { JobLineText, JobSentence } from '#shared/jobs/job-lines.ts';
import type { MailFailure } from '#shared/mail/mail-types.ts';

/** A line of what the work of mail told, for the window of background jobs. */
export interface WorkLine {
  readonly atMs: number;
  readonly text: JobLineText;
}

/** Why something did not work, for a line. */
export const reasonOf = ({ kind, detail }: MailFailure): NonNullable<JobSentence['reason']> => ({
  code: `mailbox.failure.${kind}`,
  said: detail,
});
