// The work of mail for the window of background jobs: worked out from what the mailboxes and the letters say themselves, in the
// words of jobs. Nothing of it is kept a second time.
import type { LocalJob, LocalJobLine } from '#shared/jobs/local-jobs.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { JobState } from '#shared/sync/job-messages.ts';
import type { MailFailure } from '#shared/mail/mail-types.ts';
import type { RunnerState } from '#main/mail/account-runner.ts';
import type { StoredAccount } from '#main/mail/kept-accounts.ts';
import { needsPerson } from '#main/mail/mail-failure.ts';
import type { StoredOutgoing } from '#main/mail/outbox-store.ts';
import { reasonOf, type WorkLine } from '#main/mail/work-line.ts';

export const FETCH_MAIL = 'fetchMail';
export const SEND_MAIL = 'sendMail';

export const fetchingId = (accountId: string): string => `${FETCH_MAIL}:${accountId}`;
export const sendingId = (letterId: string): string => `${SEND_MAIL}:${letterId}`;

const instantOf = (atMs: number | null): string | null => (atMs === null ? null : toInstant(atMs));

/** Screens have words for every kind of failure. */
const errorOf = (failure: MailFailure | null): LocalJob['error'] =>
  failure === null ? null : { code: reasonOf(failure).code, message: failure.detail };

const common = { priority: 0, mostAttempts: null, isStopping: false, schedule: null } as const;

export function fetchingOf(account: StoredAccount, state: RunnerState): LocalJob {
  const { failure, isSyncing, progress, beganAtMs, endedAtMs, nextAtMs, attempts } = state;
  const waits: JobState = nextAtMs === null ? 'waiting' : 'delayed';
  const failed: JobState = failure === null ? waits : needsPerson(failure) ? 'failed' : 'retrying';
  return {
    ...common,
    id: fetchingId(account.id),
    kind: FETCH_MAIL,
    label: progress === null ? account.address : `${account.address}, ${progress.folder}`,
    state: isSyncing ? 'active' : failed,
    createdAt: toInstant(beganAtMs),
    startsAt: isSyncing ? null : instantOf(nextAtMs),
    startedAt: toInstant(beganAtMs),
    endedAt: isSyncing ? null : instantOf(endedAtMs),
    attempts,
    progress: progress === null ? null : { done: progress.done, total: progress.total },
    error: isSyncing ? null : errorOf(failure),
    canCancel: false,
    canRepeat: false,
  };
}

function stateOf({ state, attempts, nextAtMs }: StoredOutgoing, nowMs: number): JobState {
  if (state === 'sending') return 'active';
  if (state === 'sent') return 'done';
  if (state === 'failed') return 'failed';
  // Nobody can tell what became of it, and it waits for its author; or it is being found out.
  if (state === 'unknown') return nextAtMs === null ? 'failed' : 'retrying';
  if (attempts > 0) return 'retrying';
  return nextAtMs !== null && nextAtMs > nowMs ? 'delayed' : 'waiting';
}

/** Null for a draft: nothing is done about it. */
export function sendingOf(letter: StoredOutgoing, nowMs: number): LocalJob | null {
  const { draft, state, nextAtMs, changedAtMs, sentAtMs, attempts, failure } = letter;
  if (state === 'draft') return null;
  const people = draft.to.map(({ name, address }) => name || address).join(', ');
  const isOver = state === 'sent' || state === 'failed';
  const error =
    state === 'unknown' && nextAtMs === null ? { code: 'mailbox.unknownText', message: '' } : errorOf(failure);
  return {
    ...common,
    id: sendingId(letter.id),
    kind: SEND_MAIL,
    label: [draft.subject, people].filter((part) => part !== '').join(' · '),
    state: stateOf(letter, nowMs),
    createdAt: toInstant(letter.lines?.[0]?.atMs ?? changedAtMs),
    startsAt: nextAtMs !== null && nextAtMs > nowMs ? toInstant(nextAtMs) : null,
    startedAt: null,
    endedAt: isOver ? toInstant(sentAtMs ?? changedAtMs) : null,
    attempts,
    progress: null,
    error,
    canCancel: state === 'queued',
    canRepeat: false,
  };
}

export const linesOf = (lines: readonly WorkLine[]): readonly LocalJobLine[] =>
  lines.map(({ atMs, text }) => ({ at: toInstant(atMs), text }));
