// The jobs of scheduled reports. A run asks whom it is for and makes one job for each; each computes with the rights of its
// recipient, writes the export down, and hands the mail over. A mail goes out once: that it may be gone is kept before its last
// byte leaves. When a server dies, or a connection ends, between that and the answer, nobody knows whether it arrived: it is not
// sent again by itself, and the owner is told.
import { randomUUID } from 'node:crypto';
import { entityOfSource } from '#shared/analytics/pivot-source.ts';
import { recipientsOf, type RunRecipient } from '#shared/entities/report-run/report-run.ts';
import { mailFormats } from '#shared/entities/report-schedule/report-schedule.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { JobEngine, JobKind } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import { readBrand, sendBranded } from '#server/mail/branded-mail.ts';
import { MailError, type Mail, type Mailer } from '#server/mail/mailer.ts';
import { beginHandOver, mayBeGone, NotToSend, takeBack } from '#server/reports/hand-over.ts';
import { readDefinitions } from '#server/reports/read-definitions.ts';
import { judgeOwner, judgeRecipient, specOf } from '#server/reports/judge-report.ts';
import { noteExport } from '#server/reports/note-export.ts';
import type { MailJob, ReportContext, RunJob } from '#server/reports/report-context.ts';
import { wordsFor, type ReportWords } from '#server/reports/report-words.ts';
import { beginRun, settleRecipient, type Settled } from '#server/reports/run-record.ts';
import { askableSpec, writeReport, type WrittenReport } from '#server/reports/write-report.ts';
import { findRecord } from '#server/sync/write-record.ts';

const MAILS_AT_ONCE = 2;
const MOST_SECONDS = 900;

export interface ReportJobs {
  readonly run: JobKind<RunJob>;
  readonly mail: JobKind<MailJob>;
  readonly notice: JobKind<MailJob>;
  /** Makes the job of one mail. */
  readonly sendMail: (job: MailJob) => Promise<void>;
}

export function createReportJobs(context: ReportContext, engine: Pick<JobEngine, 'send'>): ReportJobs {
  const notice: JobKind<MailJob> = {
    queue: 'emails',
    name: 'report-notice',
    atOnce: 1,
    mostSeconds: MOST_SECONDS,
    work: (job) => tellOwner(context, job),
    // The owner finds it in the application.
    giveUp: () => Promise.resolve(),
  };
  async function settle(job: MailJob, settled: Settled): Promise<void> {
    if (await settleRecipient(context, job, settled)) await sendNotice(job);
  }
  async function sendNotice(about: MailJob): Promise<void> {
    const { tenantId, runId } = about;
    const run = await context.database.inTenant(tenantId, (session) =>
      findRecord(session, tenantId, 'reportRun', runId),
    );
    const userId = run?.record.ownerId;
    if (typeof userId !== 'string' || context.mailer === null) return;
    const job = { ...about, userId };
    await engine.send(notice, idOf('report-notice', job), job);
  }
  const mail: JobKind<MailJob> = {
    queue: 'emails',
    name: 'report-mail',
    atOnce: MAILS_AT_ONCE,
    mostSeconds: MOST_SECONDS,
    async work(job) {
      const settled = await deliver(context, job);
      if (settled !== null) await settle(job, settled);
    },
    giveUp: (job) => settle(job, { state: 'failed', reason: 'unreachable' }),
  };
  const sendMail = (job: MailJob): Promise<void> => engine.send(mail, idOf('report-mail', job), job);
  const run: JobKind<RunJob> = {
    queue: 'analytics',
    name: 'report-run',
    atOnce: 1,
    mostSeconds: MOST_SECONDS,
    async work(job) {
      const { tenantId, runId } = job;
      for (const { userId, state } of await begin(context, job))
        if (state === 'waiting') await sendMail({ tenantId, runId, userId });
    },
    giveUp: () => Promise.resolve(),
  };
  return { run, mail, notice, sendMail };
}

/** What is sent again is another mail for the queue, the audit and the owner. */
const idOf = (what: string, { tenantId, runId, userId, again }: MailJob): string =>
  stableId(what, tenantId, runId, userId, ...(again === undefined ? [] : [again]));

async function begin(context: ReportContext, job: RunJob): Promise<readonly RunRecipient[]> {
  const { tenantId, scheduleId } = job;
  const found = await context.database.inTenant(tenantId, async (session) => {
    const schedule = await findRecord(session, tenantId, 'reportSchedule', scheduleId);
    if (schedule === null) return null;
    const report = await findRecord(session, tenantId, 'report', textOf(schedule.record['reportId']));
    const owner = await readActor(session, tenantId, (schedule.record.ownerId ?? '') as UserId);
    return { schedule: schedule.record, report, owner: owner?.actor ?? null };
  });
  // Taken back before it ran.
  if (found === null || (found.schedule['isActive'] === false && !job.isManual)) return [];
  const reason = judgeOwner(found.owner, found.report) ?? (context.mailer === null ? 'noMail' : null);
  return beginRun(context, job, found.schedule, reason);
}

/** Everything a mail to one recipient is made of. */
async function readMailing({ database }: ReportContext, job: MailJob) {
  const { tenantId, runId, userId } = job;
  return database.inTenant(tenantId, async (session) => {
    const run = await findRecord(session, tenantId, 'reportRun', runId);
    if (run === null) return null;
    const schedule = await findRecord(session, tenantId, 'reportSchedule', textOf(run.record['scheduleId']));
    const report = await findRecord(session, tenantId, 'report', textOf(run.record['reportId']));
    const profile = await findRecord(session, tenantId, 'user', userId);
    const recipient = await readActor(session, tenantId, userId as UserId);
    const owner = await findRecord(session, tenantId, 'user', run.record.ownerId ?? '');
    return {
      mayBeGone: await mayBeGone(session, job),
      run: run.record,
      schedule: schedule?.record ?? null,
      report,
      profile: profile?.record ?? {},
      recipient: recipient?.actor ?? null,
      ownerName: textOf(owner?.record['name']),
      definitions: await readDefinitions(session, tenantId),
    };
  });
}

const skipped = (reason: Extract<Settled, { readonly reason: unknown }>['reason']): Settled => ({
  state: 'skipped',
  reason,
});

/** What became of it; null when nobody waits for it any more. Throws when it should be tried again. */
async function deliver(context: ReportContext, job: MailJob): Promise<Settled | null> {
  const found = await readMailing(context, job);
  const { mailer } = context;
  const isWaiting = recipientsOf(found?.run ?? {}).some(
    ({ userId, state }) => userId === job.userId && state === 'waiting',
  );
  if (found === null || !isWaiting) return null;
  // An attempt before this one got so far, and did not come back.
  if (found.mayBeGone) return { state: 'unconfirmed' };
  const { run, schedule, report, recipient } = found;
  const spec = report === null ? null : specOf(report);
  if (report === null || spec === null || schedule === null) return skipped('noReport');
  const reason = judgeRecipient(recipient, report);
  if (recipient === null || reason !== null) return skipped(reason ?? 'deactivated');
  if (mailer === null) throw new OutpostError('internal', 'Mail is not set up on this server.');
  const askable = askableSpec(recipient, spec);
  if (askable === null) return skipped('cannotAnswer');
  const words = await wordsFor(found.profile, textOf(schedule['timeZone']), found.definitions);
  const title = textOf(report.record['name']);
  const format = mailFormats.find((known) => known === run['format']) ?? 'xlsx';
  let written: WrittenReport;
  try {
    const question = { tenantId: job.tenantId, actor: recipient, spec: askable.spec, timeZone: words.timeZone };
    const answer = await context.answer(question);
    const { look } = report.record;
    const nowMs = context.clock.now();
    const brand = await readBrand(context.database, job.tenantId);
    const asked = { title, ...askable, look, answer, format, recipient: recipient.name, brand, nowMs };
    written = await writeReport(words, asked);
  } catch (error) {
    // Another attempt would come to the same.
    if (error instanceof OutpostError && finalCodes.includes(error.code))
      return { state: 'failed', reason: 'cannotAnswer' };
    throw error;
  }
  await mailer.check();
  const id = idOf('report-export', job);
  const senderId = run.ownerId ?? '';
  await noteExport(context, {
    id,
    tenantId: job.tenantId,
    title,
    format,
    source: entityOfSource(spec.source),
    recipient,
    senderId,
    written,
  });
  const letter = letterOf(words, schedule, title, found.ownerName, context.clock.now());
  const to = { name: recipient.name, address: recipient.email };
  return handOver(context, job, mailer, { ...letter, to, attachment: written, id });
}

/** Throws when the mail server did not take it over, and it should be tried again. */
async function handOver(context: ReportContext, job: MailJob, mailer: Mailer, mail: Mail): Promise<Settled> {
  const claim = randomUUID();
  try {
    await sendBranded(context.database, job.tenantId, mailer, mail, () => beginHandOver(context, job, claim));
    return { state: 'sent' };
  } catch (error) {
    // Should another job be at it, that one still says what came of it.
    if (error instanceof NotToSend) return { state: 'unconfirmed' };
    if (!(error instanceof MailError)) throw error;
    if (error.failure === 'refused') return { state: 'failed', reason: 'refused' };
    if (error.failure === 'unknown') return { state: 'unconfirmed' };
    await takeBack(context, job, claim);
    throw error;
  }
}

const finalCodes: readonly string[] = ['invalid', 'too_large', 'too_many_cells', 'action_forbidden'];

function letterOf(words: ReportWords, schedule: AnyRecord, title: string, owner: string, nowMs: number) {
  const { t } = words;
  const message = textOf(schedule['message']);
  const given = textOf(schedule['subject']);
  const lines = [
    ...(message === '' ? [] : [message, '']),
    t('schedules.mail.body', { title, owner }),
    t('schedules.mail.rights'),
    '',
    t('schedules.mail.stop', { owner }),
  ];
  return {
    subject: given === '' ? t('schedules.mail.subject', { title, day: words.day(nowMs) }) : given,
    text: lines.join('\n'),
  };
}

/** The owner of a run learns by mail that somebody did not get it, and why. */
async function tellOwner(context: ReportContext, job: MailJob): Promise<void> {
  const found = await readMailing(context, job);
  const { mailer } = context;
  if (found === null || found.recipient === null || mailer === null) return;
  const { run, recipient } = found;
  const words = await wordsFor(found.profile, textOf(found.schedule?.['timeZone'] ?? 'UTC'), found.definitions);
  const title = textOf(run['name']);
  const missed = recipientsOf(run).filter(({ state }) => state !== 'sent');
  const people = await context.database.inTenant(job.tenantId, (session) =>
    Promise.all(missed.map(({ userId }) => findRecord(session, job.tenantId, 'user', userId))),
  );
  const { t } = words;
  const nameAt = (index: number): string => textOf(people[index]?.record['name'] ?? t('common.notAvailable'));
  const failed = missed.flatMap(({ state, reason }, index) =>
    state === 'unconfirmed' ? [] : [`– ${nameAt(index)}: ${t(`schedules.reasons.${reason ?? 'unreachable'}`)}`],
  );
  const unconfirmed = missed.flatMap(({ state }, index) => (state === 'unconfirmed' ? [`– ${nameAt(index)}`] : []));
  const about = { title, when: words.instant(context.clock.now()) };
  const paragraphs = [
    ...(failed.length === 0 ? [] : [t('schedules.mail.trouble', about), failed.join('\n')]),
    ...(unconfirmed.length === 0
      ? []
      : [t('schedules.mail.unconfirmed', about), unconfirmed.join('\n'), t('schedules.mail.unconfirmedThen')]),
  ];
  await sendBranded(context.database, job.tenantId, mailer, {
    to: { name: recipient.name, address: recipient.email },
    subject: t(failed.length === 0 ? 'schedules.mail.unconfirmedSubject' : 'schedules.mail.troubleSubject', { title }),
    text: paragraphs.join('\n\n'),
    id: idOf('report-notice', job),
  });
}
